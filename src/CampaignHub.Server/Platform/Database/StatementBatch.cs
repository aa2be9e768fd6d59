using Npgsql;

namespace CampaignHub.Server.Platform.Database;

/// <summary>
/// Statements that are sent together and answered together: one round trip, in a transaction or as one. For what runs for
/// every message; everything else goes through <see cref="TenantTransaction"/>.
/// </summary>
public sealed class StatementBatch
{
    private readonly NpgsqlBatch _batch;
    private readonly CancellationToken _cancellation;
    private readonly List<Action<NpgsqlDataReader>> _readers = [];

    internal StatementBatch(NpgsqlBatch batch, CancellationToken cancellation) => (_batch, _cancellation) = (batch, cancellation);

    /// <summary>Adds a statement that answers no rows.</summary>
    public void Add(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        _batch.BatchCommands.Add(command);
    }

    /// <summary>Adds a statement that answers rows; they are in the list once the batch was run.</summary>
    public List<T> Add<T>(string sql, Func<NpgsqlDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var rows = new List<T>();
        Add(sql, parameters);
        _readers.Add(reader => rows.Add(read(reader)));
        return rows;
    }

    /// <summary>Runs all statements, in their order.</summary>
    public async Task RunAsync()
    {
        if (_batch.BatchCommands.Count == 0)
            return;
        await using var reader = await _batch.ExecuteReaderAsync(_cancellation);
        foreach (var read in _readers)
        {
            while (await reader.ReadAsync(_cancellation))
                read(reader);
            await reader.NextResultAsync(_cancellation);
        }
    }
}
