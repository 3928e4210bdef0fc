"""All that crosses a boundary, described once; its TypeScript is generated."""
