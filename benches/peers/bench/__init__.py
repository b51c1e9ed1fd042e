"""The comparison's own code: data, servers, the works and who does them, measuring, and the report."""
