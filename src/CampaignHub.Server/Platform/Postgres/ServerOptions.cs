namespace CampaignHub.Server.Platform.Postgres;

/// <summary>The built-in server's settings, given as flags so that nothing in the cluster overrides them.</summary>
internal static class ServerOptions
{
    private static readonly string[] Fixed =
    [
        "listen_addresses=",
        $"port={Postmaster.Port}",
        "unix_socket_permissions=0700",
        "timezone=UTC",
        "max_connections=200",
        "shared_buffers=256MB",
        "work_mem=16MB",
        "maintenance_work_mem=128MB",
        "max_wal_size=2GB",
        "checkpoint_timeout=15min",
        "wal_compression=on",
        // A commit that was answered is on disk: the ledger's promises rest on these two.
        "fsync=on",
        "synchronous_commit=on",
        // Compiling pays off for long analytical queries; ours are short and many.
        "jit=off",
        // A file for each weekday, begun anew after a week: bounded, and no statement or value of a tenant in it.
        "logging_collector=on",
        "log_directory=../log",
        "log_filename=postgres-%a.log",
        "log_rotation_age=1d",
        "log_rotation_size=0",
        "log_truncate_on_rotation=on",
        "log_timezone=UTC",
        "log_error_verbosity=terse",
        "log_min_error_statement=panic",
    ];

    /// <param name="processMark">A setting that names this cluster and no other.</param>
    /// <param name="socketDirectory">Without characters that a shell would read.</param>
    public static string For(string processMark, string socketDirectory) =>
        string.Join(' ', Fixed.Append(processMark).Append($"unix_socket_directories={socketDirectory}").Select(setting => $"-c {setting}"));
}
