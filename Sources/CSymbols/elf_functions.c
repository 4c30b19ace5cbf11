#include "elf_functions.h"
#include "function_table.h"

#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEGMENT_LIMIT 16

/* Where code lies, in the file and in memory. */
struct segment {
	uint64_t address, offset, size;
};

struct image {
	struct symbol_file *file;
	Elf *elf;
	uint16_t machine;
	struct segment segments[SEGMENT_LIMIT];
	int segment_count;
};

/* ---- what the program headers say ---- */

static void note_build_id(struct symbol_file *file, const unsigned char *bytes, size_t size)
{
	if (size > (sizeof(file->build_id) - 1) / 2)
		return;
	for (size_t i = 0; i < size; i++)
		snprintf(file->build_id + 2 * i, 3, "%02x", bytes[i]);
}

static void read_notes(struct image *image, const GElf_Phdr *header)
{
	Elf_Type type = header->p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR;
	Elf_Data *data = elf_getdata_rawchunk(image->elf, (int64_t)header->p_offset, header->p_filesz, type);
	size_t next = 0, name, description;
	GElf_Nhdr note;

	while (data && (next = gelf_getnote(data, next, &note, &name, &description)) > 0) {
		const char *bytes = data->d_buf;

		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(bytes + name, "GNU", 4) == 0)
			note_build_id(image->file, (const unsigned char *)bytes + description, note.n_descsz);
	}
}

static void read_program_headers(struct image *image)
{
	size_t count = 0;
	GElf_Phdr header;

	elf_getphdrnum(image->elf, &count);
	for (size_t i = 0; i < count && i < 512 && gelf_getphdr(image->elf, (int)i, &header); i++) {
		if (header.p_type == PT_NOTE)
			read_notes(image, &header);
		if (header.p_type == PT_LOAD && (header.p_flags & PF_X) && image->segment_count < SEGMENT_LIMIT)
			image->segments[image->segment_count++] =
				(struct segment){header.p_vaddr, header.p_offset, header.p_filesz};
	}
}

static const struct segment *segment_of(const struct image *image, uint64_t address)
{
	for (int i = 0; i < image->segment_count; i++)
		if (address - image->segments[i].address < image->segments[i].size)
			return &image->segments[i];
	return NULL;
}

/* ---- symbols ---- */

static bool is_function(const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);

	return (type == STT_FUNC || type == STT_GNU_IFUNC) && symbol->st_shndx != SHN_UNDEF;
}

static uint8_t binding_of(const GElf_Sym *symbol)
{
	switch (GELF_ST_BIND(symbol->st_info)) {
	case STB_LOCAL:
		return 0;
	case STB_WEAK:
		return 1;
	default:
		return 2;
	}
}

static bool add_symbol(const struct image *image, const GElf_Sym *symbol, const char *name)
{
	/* The lowest bit of an address on 32-bit ARM says that its code is Thumb. */
	uint64_t address = image->machine == EM_ARM ? symbol->st_value & ~1ull : symbol->st_value;
	const struct segment *segment = segment_of(image, address);
	uint64_t start, room;

	if (!segment || !*name)
		return true;
	room = segment->size - (address - segment->address);
	start = image->file->start + segment->offset + (address - segment->address);
	if (start < image->file->start || room > image->file->end - start)
		return true;
	return function_table_add(
		&image->file->functions,
		(struct function){
			.start = start,
			.end = start + (symbol->st_size && symbol->st_size < room ? symbol->st_size : room),
			.name = name,
			.has_size = symbol->st_size != 0,
			.binding = binding_of(symbol),
		});
}

/* A table of strings whose last byte ends the last of them; null for any other. */
static const Elf_Data *strings_of(Elf *elf, const GElf_Shdr *header)
{
	Elf_Scn *section = elf_getscn(elf, header->sh_link);
	const Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;

	return data && data->d_buf && data->d_size && ((const char *)data->d_buf)[data->d_size - 1] == 0 ? data : NULL;
}

static void add_symbols(struct image *image, Elf *elf, Elf_Scn *section)
{
	GElf_Shdr header;
	Elf_Data *data = elf_getdata(section, NULL);
	const Elf_Data *strings;
	GElf_Sym symbol;

	if (!data || !gelf_getshdr(section, &header) || !(strings = strings_of(elf, &header)))
		return;
	for (int i = 0; gelf_getsym(data, i, &symbol); i++) {
		if (!is_function(&symbol) || symbol.st_name >= strings->d_size)
			continue;
		if (!add_symbol(image, &symbol, (const char *)strings->d_buf + symbol.st_name))
			return;
	}
}

/* The first section of a type, by its name too if one is given. */
static Elf_Scn *find_section(Elf *elf, uint32_t type, const char *name)
{
	size_t names = 0;
	GElf_Shdr header;

	elf_getshdrstrndx(elf, &names);
	for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
		const char *found;

		if (!gelf_getshdr(section, &header) || header.sh_type != type)
			continue;
		found = name ? elf_strptr(elf, names, header.sh_name) : NULL;
		if (!name || (found && strcmp(found, name) == 0))
			return section;
	}
	return NULL;
}

/* A small ELF file within the file, packed by xz, whose .symtab has what .dynsym has not. Its addresses are the file's own. */
static void add_mini_debug_info(struct image *image)
{
	Elf_Scn *section = find_section(image->elf, SHT_PROGBITS, ".gnu_debugdata"), *symbols;
	Elf_Data *packed = section ? elf_rawdata(section, NULL) : NULL;
	size_t size = 0;
	Elf *elf;

	if (!packed || !packed->d_buf)
		return;
	image->file->unpacked = xz_unpack(packed->d_buf, packed->d_size, &size);
	image->file->readers[1] = elf = image->file->unpacked ? elf_memory(image->file->unpacked, size) : NULL;
	if (elf && (symbols = find_section(elf, SHT_SYMTAB, NULL)))
		add_symbols(image, elf, symbols);
}

static void read_image(struct image *image)
{
	Elf_Scn *symbols = find_section(image->elf, SHT_SYMTAB, NULL);
	Elf_Scn *dynamic = symbols ? NULL : find_section(image->elf, SHT_DYNSYM, NULL);

	if (symbols)
		add_symbols(image, image->elf, symbols);
	if (dynamic)
		add_symbols(image, image->elf, dynamic);
	if (!symbols)
		add_mini_debug_info(image);
}

void elf_functions(struct symbol_file *file, const void *bytes, size_t size)
{
	struct image image = {.file = file};
	GElf_Ehdr header;

	elf_version(EV_CURRENT);
	file->readers[0] = image.elf = size >= EI_NIDENT ? elf_memory((char *)bytes, size) : NULL;
	if (!image.elf || elf_kind(image.elf) != ELF_K_ELF || !gelf_getehdr(image.elf, &header)) {
		snprintf(file->problem, sizeof(file->problem), "it is no ELF file");
		return;
	}
	image.machine = header.e_machine;
	read_program_headers(&image);
	read_image(&image);
	function_table_finish(&file->functions);
	if (!file->functions.count)
		snprintf(file->problem, sizeof(file->problem), "it is stripped");
}
