using System.Security.Cryptography;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Platform.Http;

/// <summary>
/// <c>Idempotency-Key</c>: a POST sent again with its key and body is given its first answer again, for 24 hours.
/// A key is reserved before the work; the answer is kept in the transaction of the effect, fenced by the holder's id,
/// so that a holder that was given up (silent for 60 s) can't commit a second effect.
/// </summary>
public sealed class IdempotencyKeys(Database.Database database, KeyRing keys)
{
    public const string Header = "Idempotency-Key";
    private const int LongestKey = 255;

    public async Task<IdempotencyReservation> ReserveAsync(HttpContext context, Caller caller, byte[]? bodyHash, CancellationToken ct)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.Headers.TryGetValue(Header, out var values))
            return IdempotencyReservation.None;
        var key = values.ToString();
        if (key.Length is 0 or > LongestKey || key.Any(c => c is < ' ' or > '~'))
            throw new ProblemException(Problems.Invalid(Header, "invalid", $"{Header} is 1 to {LongestKey} printable ASCII characters."));

        var row = new IdempotencyRow(caller.TenantId, $"POST {context.Request.Path}{context.Request.QueryString}", key);
        var holder = Guid.CreateVersion7();
        await using var transaction = await database.BeginAsync(caller.TenantId, ct);
        await transaction.ExecuteAsync(DeleteOld, row);
        var taken = await transaction.QueryFirstOrDefaultAsync<Guid?>(Reserve, new { row.TenantId, row.Scope, row.Key, holder, bodyHash });
        if (taken is not null)
        {
            await transaction.CommitAsync();
            return IdempotencyReservation.Of(database, keys, row, holder);
        }
        var first = await transaction.QuerySingleAsync<KeptAnswer>(Find, row);
        return IdempotencyReservation.Of(Replay(first, bodyHash, caller.TenantId));
    }

    private SerializedAnswer Replay(KeptAnswer first, byte[]? bodyHash, Guid tenantId)
    {
        if (first.BodyHash is not null && bodyHash is not null && !CryptographicOperations.FixedTimeEquals(first.BodyHash, bodyHash))
            return SerializedAnswer.Of(Problems.IdempotencyMismatch());
        if (first.Status is not { } status)
            return SerializedAnswer.Of(Problems.IdempotencyRunning());
        var body = first.Secret ? IdempotencyReservation.Unseal(keys, tenantId, first.Holder, first.Body) : first.Body;
        return new SerializedAnswer(status, first.Location, body, first.Secret) { BodyHash = first.BodyHash };
    }

    private const string DeleteOld = """
        DELETE FROM idempotency_keys
        WHERE tenant_id = @TenantId AND scope = @Scope AND key = @Key AND created_at < clock_timestamp() - interval '24 hours'
        """;

    // A row without an answer whose holder has been silent for 60 s is taken over; any other stays.
    private const string Reserve = """
        INSERT INTO idempotency_keys AS k (tenant_id, scope, key, body_hash, holder, heartbeat_at, created_at)
        VALUES (@TenantId, @Scope, @Key, @bodyHash, @holder, clock_timestamp(), clock_timestamp())
        ON CONFLICT (tenant_id, scope, key) DO UPDATE
            SET holder = excluded.holder, body_hash = excluded.body_hash, heartbeat_at = excluded.heartbeat_at
            WHERE k.status IS NULL AND k.heartbeat_at < clock_timestamp() - interval '60 seconds'
        RETURNING holder
        """;

    private const string Find = """
        SELECT holder, body_hash, status, location, body, secret FROM idempotency_keys
        WHERE tenant_id = @TenantId AND scope = @Scope AND key = @Key
        """;

    private sealed record KeptAnswer
    {
        public Guid Holder { get; init; }
        public byte[]? BodyHash { get; init; }
        public int? Status { get; init; }
        public string? Location { get; init; }
        public byte[] Body { get; init; } = [];
        public bool Secret { get; init; }
    }
}

internal sealed record IdempotencyRow(Guid TenantId, string Scope, string Key);
