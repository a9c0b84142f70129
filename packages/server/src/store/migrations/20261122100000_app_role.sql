-- The role that every connection of the server takes on: it owns nothing and cannot step around row-level security.
-- A role belongs to the whole cluster, so it may be there already from another database.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'baton_app') THEN
    BEGIN
      CREATE ROLE baton_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- another database's migration was faster
    END;
  END IF;
  -- From PostgreSQL 16 on, whoever makes a role is its member but may not yet take it on.
  IF NOT pg_has_role(current_user, 'baton_app',
      CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
    EXECUTE format('GRANT baton_app TO %I', current_user);
  END IF;
END
$$;

GRANT USAGE ON SCHEMA baton TO baton_app;
