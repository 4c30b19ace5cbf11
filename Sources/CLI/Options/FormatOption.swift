public import ArgumentParser
public import Exporters

extension ExportFormat: ExpressibleByArgument {}
extension FoldedStacks.Weight: ExpressibleByArgument {}
