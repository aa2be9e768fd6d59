using Npgsql;

namespace CampaignHub.Benchmarks;

/// <summary>Plain SQL beside the service, over connections that are kept: what is measured must not pay for new ones.</summary>
internal sealed class Database(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows, each as its columns in order.</summary>
    public async Task<IReadOnlyList<object[]>> ReadAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync();
        List<object[]> rows = [];
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<T> ReadOneAsync<T>(string sql, params object[] values) => (T)(await ReadAsync(sql, values))[0][0];

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = _source.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return command;
    }
}
