"""One script a tool. Each reads and writes GeoPackages and is measured as a process of its own."""
