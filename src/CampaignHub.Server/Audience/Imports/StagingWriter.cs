using System.Security.Cryptography;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>
/// Takes an upload's rows and errors in portions: while one is written, the next is read. No transaction is open
/// between portions, however slow the upload. Two portions are in memory, used by turns.
/// </summary>
internal sealed class StagingWriter(Database database, Guid tenantId, Guid importId, byte[] addressKey, CancellationToken ct) : IDisposable
{
    private const int MostRows = 10_000;
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly IncrementalHash _addressHash = AddressHash.Keyed(addressKey);
    private Portion _portion = new();
    private Portion _other = new();
    private Task _writing = Task.CompletedTask;
    private int _errorsKept;

    /// <summary>Rows so far, errors included.</summary>
    public long Rows { get; private set; }

    public long Invalid { get; private set; }

    public Task AddAsync(StagedRow row)
    {
        Rows++;
        row.WriteTo(_portion.Rows, _portion.Ids.Next(), _addressHash);
        return _portion.Rows.Rows >= MostRows || _portion.Rows.Length >= MostBytes ? WriteAsync() : Task.CompletedTask;
    }

    /// <summary>Every error is counted; beyond <see cref="ImportStore.MostErrors"/> they aren't kept.</summary>
    public Task AddAsync(long number, RowError error)
    {
        Rows++;
        Invalid++;
        if (_errorsKept++ < ImportStore.MostErrors)
            _portion.Errors.Add((number, error));
        return _portion.Errors.Count >= MostRows ? WriteAsync() : Task.CompletedTask;
    }

    /// <summary>Writes what is left.</summary>
    public async Task CompleteAsync()
    {
        await WriteAsync();
        await _writing;
    }

    /// <summary>Waits until nothing is being written any more, whether it went well or not.</summary>
    public async Task SettleAsync() => await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose() => _addressHash.Dispose();

    private async Task WriteAsync()
    {
        await _writing;
        var full = _portion;
        (_portion, _other) = (_other, _portion);
        _portion.Clear();
        var (rows, invalid) = (Rows, Invalid);
        _writing = Task.Run(() => WriteAsync(full, rows, invalid), ct);
    }

    private async Task WriteAsync(Portion portion, long rows, long invalid)
    {
        await StagingTable.CopyAsync(database, importId, portion.Rows, ct);
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await ImportStore.InsertErrorsAsync(transaction, importId, portion.Errors);
        await ImportStore.ReportStagingAsync(transaction, importId, rows, invalid);
        await transaction.CommitAsync();
    }

    private sealed class Portion
    {
        public BinaryRows Rows { get; } = new();
        public RecipientIds Ids { get; private set; } = new();
        public List<(long Number, RowError Error)> Errors { get; } = [];

        public void Clear()
        {
            Rows.Clear();
            Ids = new RecipientIds();
            Errors.Clear();
        }
    }
}
