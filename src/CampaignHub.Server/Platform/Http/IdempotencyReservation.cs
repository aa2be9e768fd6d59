using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Platform.Http;

/// <summary>
/// The right to answer under one Idempotency-Key. Disposed without an answer kept (an exception: our fault),
/// it is given back, so that the caller's next try runs.
/// </summary>
public sealed class IdempotencyReservation : IAsyncDisposable
{
    private const string SecretPurpose = "idempotency";
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);

    private readonly Database.Database? _database;
    private readonly KeyRing? _keys;
    private readonly IdempotencyRow? _row;
    private readonly Guid _holder;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _heartbeat = Task.CompletedTask;
    private bool _kept;

    private IdempotencyReservation(SerializedAnswer? replay) => Replay = replay;

    private IdempotencyReservation(Database.Database database, KeyRing keys, IdempotencyRow row, Guid holder)
    {
        (_database, _keys, _row, _holder) = (database, keys, row, holder);
        _heartbeat = BeatAsync(_stop.Token);
    }

    /// <summary>No Idempotency-Key was sent: nothing is kept.</summary>
    public static IdempotencyReservation None { get; } = new(null);

    /// <summary>The first answer, where there is one already (or the refusal that takes its place).</summary>
    public SerializedAnswer? Replay { get; }

    internal static byte[] Unseal(KeyRing keys, Guid tenantId, Guid holder, byte[] box) =>
        SealedSecret.Open(keys, tenantId, SecretPurpose, holder, box);

    internal static IdempotencyReservation Of(SerializedAnswer replay) => new(replay);

    internal static IdempotencyReservation Of(Database.Database database, KeyRing keys, IdempotencyRow row, Guid holder) =>
        new(database, keys, row, holder);

    /// <summary>Keeps the answer in the transaction of its effect. Throws where another holder has taken over: the effect must not stand.</summary>
    public async Task KeepAsync(SerializedAnswer answer, TenantTransaction transaction, byte[]? bodyHash = null)
    {
        if (_row is null || answer.Status >= 500)
            return;
        var body = answer.Secret
            ? SealedSecret.Seal(_keys!, _row.TenantId, SecretPurpose, _holder, answer.Body)
            : answer.Body;
        var written = await transaction.ExecuteAsync(Keep, new
        {
            _row.TenantId,
            _row.Scope,
            _row.Key,
            holder = _holder,
            answer.Status,
            answer.Location,
            body,
            answer.Secret,
            bodyHash,
        });
        if (written == 0)
            throw new ProblemException(Problems.IdempotencyRunning());
        _kept = true;
    }

    /// <summary>Keeps an answer that has no effect of its own: a refusal.</summary>
    public async Task KeepAsync(SerializedAnswer answer, CancellationToken ct, byte[]? bodyHash = null)
    {
        if (_row is null || answer.Status >= 500)
            return;
        await using var transaction = await _database!.BeginAsync(_row.TenantId, ct);
        await KeepAsync(answer, transaction, bodyHash);
        await transaction.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_row is null)
            return;
        await _stop.CancelAsync();
        await _heartbeat;
        if (!_kept)
        {
            await using var transaction = await _database!.BeginAsync(_row.TenantId, CancellationToken.None);
            await transaction.ExecuteAsync(Release, new { _row.TenantId, _row.Scope, _row.Key, holder = _holder });
            await transaction.CommitAsync();
        }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(HeartbeatEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                await using var transaction = await _database!.BeginAsync(_row!.TenantId, ct);
                await transaction.ExecuteAsync(Heartbeat, new { _row.TenantId, _row.Scope, _row.Key, holder = _holder });
                await transaction.CommitAsync();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The request has ended: so does its heartbeat.
        }
        catch (Npgsql.NpgsqlException)
        {
            // A missed beat only lets another holder take over; the fence in Keep decides then.
        }
    }

    private const string Keep = """
        UPDATE idempotency_keys
        SET status = @Status, location = @Location, body = @body, secret = @Secret, body_hash = coalesce(@bodyHash, body_hash)
        WHERE tenant_id = @TenantId AND scope = @Scope AND key = @Key AND holder = @holder AND status IS NULL
        """;

    private const string Heartbeat = """
        UPDATE idempotency_keys SET heartbeat_at = clock_timestamp()
        WHERE tenant_id = @TenantId AND scope = @Scope AND key = @Key AND holder = @holder
        """;

    private const string Release = """
        DELETE FROM idempotency_keys
        WHERE tenant_id = @TenantId AND scope = @Scope AND key = @Key AND holder = @holder AND status IS NULL
        """;
}
