-- The names of our tables, quoted where they must be.
SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'gazetted' ORDER BY tablename
