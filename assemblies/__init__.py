"""Who asks, by which rules: assemblies, sessions, deputies, topics, schemes and periods."""
