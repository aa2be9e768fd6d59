using Npgsql;

namespace CampaignHub.Server.Platform.Postgres;

/// <summary>A server that still runs although the service that started it was killed.</summary>
internal sealed class Orphan(Cluster cluster, Postmaster postmaster, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>For how many pauses a server may be deaf before it is given up.</summary>
    private const int Patience = 50;

    /// <summary>
    /// Its socket directory once it answers with this cluster's identity; null when none runs any more. One that
    /// doesn't answer as it should is stopped: it stands in the way of a new one.
    /// </summary>
    public async Task<string?> AdoptAsync(CancellationToken ct)
    {
        for (var tries = 0; postmaster.IsAlive && tries < Patience; tries++)
        {
            var answer = await AskAsync(ct);
            if (answer is Answer.Recognised && postmaster.SocketDirectory is { } socketDirectory)
            {
                log.LogInformation("Took over the built-in PostgreSQL that was still running.");
                return socketDirectory;
            }
            if (answer is Answer.Stranger)
                break;
            if (answer is Answer.Starting)
                tries = 0;
            await Task.Delay(Pause, ct);
        }
        await postmaster.StopAsync(ct);
        return null;
    }

    private async Task<Answer> AskAsync(CancellationToken ct)
    {
        if (postmaster.SocketDirectory is not { } socketDirectory)
            return Answer.None;
        try
        {
            await using var connection = new NpgsqlConnection(EmbeddedPostgres.ConnectionStringTo(socketDirectory, "postgres", pooling: false));
            await connection.OpenAsync(ct);
            await using var question = new NpgsqlCommand("SELECT system_identifier FROM pg_control_system()", connection);
            return await question.ExecuteScalarAsync(ct) is long identifier && (ulong)identifier == cluster.SystemIdentifier
                ? Answer.Recognised
                : Answer.Stranger;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CannotConnectNow)
        {
            return Answer.Starting;
        }
        catch (NpgsqlException)
        {
            return Answer.None;
        }
    }

    private enum Answer
    {
        /// <summary>It can't be reached, yet or at all.</summary>
        None,

        /// <summary>In recovery, or on its way up or down.</summary>
        Starting,

        /// <summary>It serves this very cluster.</summary>
        Recognised,

        /// <summary>It serves another.</summary>
        Stranger,
    }
}
