using Npgsql;

namespace CampaignHub.Server.Platform.Postgres;

/// <summary>What the migrations need of a server: its version, a place for the schemas, and the two roles.</summary>
internal static class ServerRequirements
{
    private const int OldestVersion = PostgresBinaries.OldestMajor * 10_000;

    // A role that is there serves when the login may take it on; one that is missing must be created by it.
    private const string Facts = """
        SELECT current_setting('server_version_num')::int,
               current_setting('server_version'),
               current_user::text,
               current_database()::text,
               has_database_privilege(current_database(), 'CREATE'),
               (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user),
               ARRAY (SELECT wanted FROM unnest($1) AS wanted
                      WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted)),
               ARRAY (SELECT rolname::text FROM pg_roles
                      WHERE rolname = ANY ($1) AND NOT pg_has_role(current_user, oid, 'MEMBER'))
        """;

    /// <summary>The roles that the migrations create and the service takes on.</summary>
    public static readonly string[] Roles = ["campaignhub_service", "campaignhub_lookup"];

    /// <returns>The version, as <c>server_version_num</c>.</returns>
    /// <exception cref="StartupException">One sentence on the first requirement that is not met.</exception>
    public static async Task<int> CheckAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Facts, connection) { Parameters = { new() { Value = Roles } } };
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var (version, user, database) = (row.GetInt32(0), row.GetString(2), row.GetString(3));
        if (version < OldestVersion)
            throw new StartupException($"The database server is PostgreSQL {row.GetString(1)}: CampaignHub needs {PostgresBinaries.OldestMajor} or later.");
        if (!row.GetBoolean(4))
            throw new StartupException($"The database user {user} may not create schemas in {database}: run GRANT CREATE ON DATABASE \"{database}\" TO \"{user}\" as its owner.");
        CheckRoles(user, row.GetBoolean(5), row.GetFieldValue<string[]>(6), row.GetFieldValue<string[]>(7));
        return version;
    }

    private static void CheckRoles(string user, bool createsRoles, string[] missing, string[] foreign)
    {
        if (missing.Length > 0 && !createsRoles)
            throw new StartupException($"The database user {user} may not create the roles {string.Join(" and ", missing)}: run ALTER ROLE \"{user}\" CREATEROLE as a superuser, or create them and grant them to it.");
        if (foreign.Length > 0 && !createsRoles)
            throw new StartupException($"The database user {user} is no member of {string.Join(" and ", foreign)}: run GRANT {string.Join(", ", foreign)} TO \"{user}\" as a superuser.");
    }
}
