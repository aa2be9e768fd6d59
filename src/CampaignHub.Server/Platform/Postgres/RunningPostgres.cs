namespace CampaignHub.Server.Platform.Postgres;

/// <summary>The database that a service works on, for those who come beside it: nothing is started, stopped or made.</summary>
internal static class RunningPostgres
{
    /// <summary>Where it is: the connection string that the settings give, or the socket of the built-in server; null while that is down.</summary>
    /// <exception cref="StartupException">There is no such data directory.</exception>
    public static string? Find(IConfiguration settings)
    {
        if (settings.GetConnectionString(PostgresServer.ConnectionName) is { Length: > 0 } given)
            return given;
        using var directory = DataDirectory.Visit(settings);
        return ServerAccount.Possible
            .Select(account => new PostmasterFile(new Cluster(directory, account)).SocketDirectory).OfType<string>()
            .Select(socket => EmbeddedPostgres.ConnectionStringTo(socket, EmbeddedPostgres.DefaultDatabase)).FirstOrDefault();
    }
}
