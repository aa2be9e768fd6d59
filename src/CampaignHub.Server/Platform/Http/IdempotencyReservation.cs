using System.Security.Cryptography;
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

    private readonly Database.Database? database;
    private readonly KeyRing? keys;
    private readonly IdempotencyRow? row;
    private readonly Guid holder;
    private readonly CancellationTokenSource stop = new();
    private readonly Task heartbeat = Task.CompletedTask;
    private bool kept;

    private IdempotencyReservation(SerializedAnswer? replay) => Replay = replay;

    private IdempotencyReservation(Database.Database database, KeyRing keys, IdempotencyRow row, Guid holder)
    {
        (this.database, this.keys, this.row, this.holder) = (database, keys, row, holder);
        heartbeat = BeatAsync(stop.Token);
    }

    /// <summary>No Idempotency-Key was sent: nothing is kept.</summary>
    public static IdempotencyReservation None { get; } = new(null);

    /// <summary>The first answer, where there is one already (or the refusal that takes its place).</summary>
    public SerializedAnswer? Replay { get; }

    internal static byte[] Unseal(KeyRing keys, Guid tenantId, Guid holder, byte[] box) =>
        SecretBox.Open(keys, tenantId, SecretPurpose, holder, box)
        ?? throw new InvalidOperationException("A kept answer was sealed under a key that this ring no longer holds.");

    internal static IdempotencyReservation Of(SerializedAnswer replay) => new(replay);

    internal static IdempotencyReservation Of(Database.Database database, KeyRing keys, IdempotencyRow row, Guid holder) =>
        new(database, keys, row, holder);

    /// <summary>Keeps the answer in the transaction of its effect. Throws where another holder has taken over: the effect must not stand.</summary>
    public async Task KeepAsync(SerializedAnswer answer, TenantTransaction transaction, byte[]? bodyHash = null)
    {
        if (row is null || answer.Status >= 500)
            return;
        var body = answer.Secret
            ? SecretBox.Seal(keys!, row.TenantId, SecretPurpose, holder, answer.Body, RandomNumberGenerator.GetBytes(SecretBox.NonceBytes))
            : answer.Body;
        var written = await transaction.ExecuteAsync(Keep, new
        {
            row.TenantId, row.Scope, row.Key, holder, answer.Status, answer.Location, body, answer.Secret, bodyHash,
        });
        if (written == 0)
            throw new ProblemException(Problems.IdempotencyRunning());
        kept = true;
    }

    /// <summary>Keeps an answer that has no effect of its own: a refusal.</summary>
    public async Task KeepAsync(SerializedAnswer answer, CancellationToken ct, byte[]? bodyHash = null)
    {
        if (row is null || answer.Status >= 500)
            return;
        await using var transaction = await database!.BeginAsync(row.TenantId, ct);
        await KeepAsync(answer, transaction, bodyHash);
        await transaction.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (row is null)
            return;
        await stop.CancelAsync();
        await heartbeat;
        if (!kept)
        {
            await using var transaction = await database!.BeginAsync(row.TenantId, CancellationToken.None);
            await transaction.ExecuteAsync(Release, new { row.TenantId, row.Scope, row.Key, holder });
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
                await using var transaction = await database!.BeginAsync(row!.TenantId, ct);
                await transaction.ExecuteAsync(Heartbeat, new { row.TenantId, row.Scope, row.Key, holder });
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
