#define _GNU_SOURCE
#include "linux_shims.h"
#include "or_errno.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections that wait to be accepted. Where there is no room the kernel drops the next one's SYN, and a controller would try again after
 * a whole second, behind strangers who have swarmed in. */
#define BACKLOG 128

static socklen_t parse_address(const char *text, uint16_t port, struct sockaddr_storage *address)
{
	struct sockaddr_in *v4 = (void *)address;
	struct sockaddr_in6 *v6 = (void *)address;

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		return sizeof(*v6);
	}
	return 0;
}

bool linux_is_loopback(const char *text)
{
	struct sockaddr_storage address;

	if (!parse_address(text, 0, &address))
		return false;
	if (address.ss_family == AF_INET)
		return ntohl(((struct sockaddr_in *)&address)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	return IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)&address)->sin6_addr);
}

static int bound_port(int fd, uint16_t *port)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);

	if (getsockname(fd, (void *)&address, &length) < 0)
		return -errno;
	*port = ntohs(address.ss_family == AF_INET ? ((struct sockaddr_in *)&address)->sin_port
						   : ((struct sockaddr_in6 *)&address)->sin6_port);
	return fd;
}

int linux_listen(const char *text, uint16_t *port)
{
	struct sockaddr_storage address;
	socklen_t length = parse_address(text, *port, &address);
	int on = 1, fd, error;

	if (!length)
		return -EINVAL;
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (void *)&address, length) < 0 || listen(fd, BACKLOG) < 0) {
		error = -errno;
		close(fd);
		return error;
	}
	return bound_port(fd, port);
}

int linux_accept(int listener)
{
	int on = 1, fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return -errno;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

ssize_t linux_receive(int socket, void *bytes, size_t size) { return OR_ERRNO(recv(socket, bytes, size, 0)); }

void linux_finish_sending(int socket) { shutdown(socket, SHUT_WR); }

ssize_t linux_send(int socket, const void *bytes, size_t size)
{
	return OR_ERRNO(send(socket, bytes, size, MSG_NOSIGNAL));
}
