public import ArgumentParser
public import Exporters

extension ExportFormat: ExpressibleByArgument {}
