import ArgumentParser
struct ReportCommand: ParsableCommand {}
