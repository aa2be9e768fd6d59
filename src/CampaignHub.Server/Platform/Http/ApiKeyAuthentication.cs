using System.Collections.Concurrent;
using System.Security.Cryptography;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http.Limits;

namespace CampaignHub.Server.Platform.Http;

/// <summary>
/// Lets a request through to an endpoint that has an <see cref="AccessRule"/> only with a key that it allows.
/// Runs before the body is looked at: without a valid key nothing of a request is read.
/// </summary>
/// <remarks>
/// A network that has sent too many wrong keys is refused before the database is asked. Keys that were right a moment ago are let
/// through from there too, since behind one address there may be many, and behind a proxy that isn't configured everybody is.
/// </remarks>
internal sealed class ApiKeyAuthentication(RequestDelegate next, Database.Database database, OperatorKey operatorKey, RateLimits limits)
{
    /// <summary>Beyond so many, all are forgotten, and known again once they are used.</summary>
    private const int MostKnown = 10_000;

    private readonly ConcurrentDictionary<UInt128, bool> _known = new();

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is { } rule)
        {
            var caller = await FindCallerAsync(context) ?? throw new ProblemException(Problems.Unauthorized(
                "Send the header 'Authorization: Bearer <api key>' with a key that has not been revoked."));
            await limits.TakeAsync(context, limits.Keys, Subject(caller));
            Check(caller, rule);
            context.Features.Set(caller);
        }
        await next(context);
    }

    private static void Check(Caller caller, AccessRule rule)
    {
        if (rule.IsOperatorOnly != caller.IsOperator)
            throw new ProblemException(rule.IsOperatorOnly
                ? Problems.OperatorOnly()
                : Problems.Unauthorized("The operator key belongs to no tenant: use a tenant's API key here."));
        if (!rule.IsOperatorOnly && !Scope.Allows(caller.Scopes, rule.Scope))
            throw new ProblemException(Problems.ScopeMissing(rule.Scope));
    }

    private async Task<Caller?> FindCallerAsync(HttpContext context)
    {
        const string scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            limits.TellFailures(context);
            return null;
        }
        var presented = header[scheme.Length..].Trim();
        if (operatorKey.Matches(presented))
            return Caller.Operator;
        var hash = ApiKeyFormat.Hash(presented);
        var mark = BitConverter.ToUInt128(hash);
        if (!_known.ContainsKey(mark))
            limits.RefuseIfFailing(context);
        if (!ApiKeyFormat.TryParse(presented, out var key) || key.Kind != ApiKeyKind.Tenant)
            return await FailAsync(context);
        var found = await database.LookUpAsync<FoundKey>(FindKeys, new { prefix = key.Prefix }, context.RequestAborted);
        if (found.FirstOrDefault(k => CryptographicOperations.FixedTimeEquals(k.KeyHash, hash)) is not { } match)
        {
            _known.TryRemove(mark, out _);
            return await FailAsync(context);
        }
        if (_known.Count >= MostKnown)
            _known.Clear();
        _known[mark] = true;
        var caller = new Caller(match.TenantId, match.ApiKeyId, match.Scopes);
        if (match.TenantStatus == "suspended")
        {
            await limits.TakeAsync(context, limits.Keys, Subject(caller));
            throw new ProblemException(Problems.TenantSuspended());
        }
        await NoteUseAsync(match, context.RequestAborted);
        return caller;
    }

    private static string Subject(Caller caller) => caller.IsOperator ? "operator" : $"{caller.ApiKeyId}";

    private async Task<Caller?> FailAsync(HttpContext context)
    {
        await limits.NoteFailureAsync(context);
        return null;
    }

    /// <summary>Keeps <c>last_used_at</c> true to the minute, so that a busy key isn't written at every request.</summary>
    private async Task NoteUseAsync(FoundKey key, CancellationToken ct)
    {
        if (!key.UseIsOld)
            return;
        await using var transaction = await database.BeginAsync(key.TenantId, ct);
        await transaction.ExecuteAsync(NoteUse, new { key.TenantId, key.ApiKeyId });
        await transaction.CommitAsync();
    }

    private const string FindKeys = """
        SELECT tenant_id, api_key_id, key_hash, scopes, tenant_status,
               last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute' AS use_is_old
        FROM find_api_keys(@prefix)
        """;

    private const string NoteUse = """
        UPDATE api_keys SET last_used_at = clock_timestamp() WHERE tenant_id = @TenantId AND api_key_id = @ApiKeyId
        """;

    private sealed record FoundKey
    {
        public Guid TenantId { get; init; }
        public Guid ApiKeyId { get; init; }
        public byte[] KeyHash { get; init; } = [];
        public string[] Scopes { get; init; } = [];
        public string TenantStatus { get; init; } = "";
        public bool UseIsOld { get; init; }
    }
}

/// <summary>The operator's key, held as its hash only.</summary>
public sealed class OperatorKey(string key)
{
    private readonly byte[] _hash = ApiKeyFormat.Hash(key);

    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(ApiKeyFormat.Hash(presented), _hash);
}
