using CampaignHub.Core.Audience;
using CampaignHub.Core.Sending.Signing;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>Writes and reads domains and their keys; nothing else does. Private keys are opened only to sign.</summary>
internal static class DomainStore
{
    private const string Columns = "domain_id, name, kind, verified_at, failed_reads, problem, readings AS readings_json, checked_at, created_at";

    // The private keys are left out: who shows a domain has no use for them.
    private const string PairColumns =
        "pair_id, domain_id, generation, rsa_selector, rsa_public, ed25519_selector, ed25519_public, created_at, activated_at, retired_at";

    public static async Task<Domain?> FindAsync(TenantTransaction transaction, Guid domainId) =>
        (await WithPairsAsync(transaction, await transaction.QueryAsync<Domain>(
            $"SELECT {Columns} FROM domains WHERE tenant_id = @TenantId AND domain_id = @domainId", new { transaction.TenantId, domainId })))
        .SingleOrDefault();

    /// <summary>Finds it and keeps others from changing it or its keys until the commit.</summary>
    public static async Task<Domain?> LockAsync(TenantTransaction transaction, Guid domainId) =>
        (await WithPairsAsync(transaction, await transaction.QueryAsync<Domain>(
            $"SELECT {Columns} FROM domains WHERE tenant_id = @TenantId AND domain_id = @domainId FOR UPDATE", new { transaction.TenantId, domainId })))
        .SingleOrDefault();

    public static async Task<IReadOnlyList<Domain>> ListAsync(TenantTransaction transaction, Guid? after, int limit) =>
        await WithPairsAsync(transaction, await transaction.QueryAsync<Domain>($"""
            SELECT {Columns} FROM domains
            WHERE tenant_id = @TenantId AND (@after::uuid IS NULL OR domain_id > @after)
            ORDER BY domain_id LIMIT @limit
            """, new { transaction.TenantId, after, limit }));

    /// <summary>The tenant's domain nearest to this one, itself or above it, without its keys; verified ones come first.</summary>
    public static Task<Domain?> FindNearestAsync(TenantTransaction transaction, string fromDomain) =>
        transaction.QueryFirstOrDefaultAsync<Domain>($"""
            SELECT {Columns} FROM domains
            WHERE tenant_id = @TenantId AND kind = 'sending' AND name = ANY (@names)
            ORDER BY verified_at IS NULL, length(name) DESC LIMIT 1
            """, new { transaction.TenantId, names = MailDomain.WithParents(fromDomain).ToArray() });

    /// <summary>
    /// The keys with which mail from this domain is signed now: those of the domain itself or of the nearest verified one
    /// above it, which DMARC's relaxed alignment takes as the same sender. None where none is verified.
    /// </summary>
    public static async Task<IReadOnlyList<DkimKey>> SigningKeysAsync(TenantTransaction transaction, KeyRing keyRing, string fromDomain)
    {
        if (await FindNearestAsync(transaction, fromDomain) is not { VerifiedAt: not null } domain)
            return [];
        var pair = await transaction.QuerySingleAsync<DkimPair>($"""
            SELECT {PairColumns}, rsa_private_encrypted, ed25519_private_encrypted FROM dkim_pairs
            WHERE tenant_id = @TenantId AND domain_id = @DomainId AND activated_at IS NOT NULL AND retired_at IS NULL
            """, new { transaction.TenantId, domain.DomainId });
        return pair.Open(keyRing, transaction.TenantId, domain.Name);
    }

    /// <summary>The tenant's verified domain of a kind, the oldest where there are several; null where there is none.</summary>
    public static Task<string?> VerifiedAsync(TenantTransaction transaction, string kind) => transaction.QueryFirstOrDefaultAsync<string>("""
        SELECT name FROM domains WHERE tenant_id = @TenantId AND kind = @kind AND verified_at IS NOT NULL ORDER BY created_at, domain_id LIMIT 1
        """, new { transaction.TenantId, kind });

    /// <summary>The tenant's domains of a kind that aren't verified.</summary>
    public static Task<IReadOnlyList<string>> UnverifiedAsync(TenantTransaction transaction, string kind) => transaction.QueryAsync<string>(
        "SELECT name FROM domains WHERE tenant_id = @TenantId AND kind = @kind AND verified_at IS NULL", new { transaction.TenantId, kind });

    /// <summary>False where the tenant has the domain already.</summary>
    public static async Task<bool> InsertAsync(TenantTransaction transaction, Domain domain, Instant nextReadAt) => await transaction.ExecuteAsync("""
        INSERT INTO domains (tenant_id, domain_id, name, kind, next_read_at, created_at)
        VALUES (@TenantId, @DomainId, @Name, @Kind, @nextReadAt, @CreatedAt)
        ON CONFLICT (tenant_id, kind, name) DO NOTHING
        """, new { transaction.TenantId, domain.DomainId, domain.Name, domain.Kind, nextReadAt, domain.CreatedAt }) == 1;

    public static Task InsertPairAsync(TenantTransaction transaction, DkimPair pair) => transaction.ExecuteAsync("""
        INSERT INTO dkim_pairs (tenant_id, pair_id, domain_id, generation, rsa_selector, rsa_public, rsa_private_encrypted,
            ed25519_selector, ed25519_public, ed25519_private_encrypted, created_at)
        VALUES (@TenantId, @PairId, @DomainId, @Generation, @RsaSelector, @RsaPublic, @RsaPrivateEncrypted,
            @Ed25519Selector, @Ed25519Public, @Ed25519PrivateEncrypted, @CreatedAt)
        """, new
    {
        transaction.TenantId,
        pair.PairId,
        pair.DomainId,
        pair.Generation,
        pair.RsaSelector,
        pair.RsaPublic,
        pair.RsaPrivateEncrypted,
        pair.Ed25519Selector,
        pair.Ed25519Public,
        pair.Ed25519PrivateEncrypted,
        pair.CreatedAt,
    });

    /// <summary>Notes what DNS said and what follows for the domain.</summary>
    public static Task NoteReadAsync(TenantTransaction transaction, Domain domain) => transaction.ExecuteAsync("""
        UPDATE domains
        SET verified_at = @VerifiedAt, failed_reads = @FailedReads, problem = @Problem, readings = @ReadingsJson::jsonb, checked_at = @CheckedAt
        WHERE tenant_id = @TenantId AND domain_id = @DomainId
        """, new
    {
        transaction.TenantId,
        domain.DomainId,
        domain.VerifiedAt,
        domain.FailedReads,
        domain.Problem,
        domain.ReadingsJson,
        domain.CheckedAt,
    });

    /// <summary>Sets when the daily read is due again.</summary>
    public static Task ReadAgainAsync(TenantTransaction transaction, Guid domainId, Instant at) => transaction.ExecuteAsync(
        "UPDATE domains SET next_read_at = @at WHERE tenant_id = @TenantId AND domain_id = @domainId", new { transaction.TenantId, domainId, at });

    /// <summary>Writes when a pair began and ended to sign.</summary>
    public static Task UpdatePairAsync(TenantTransaction transaction, DkimPair pair) => transaction.ExecuteAsync("""
        UPDATE dkim_pairs SET activated_at = @ActivatedAt, retired_at = @RetiredAt WHERE tenant_id = @TenantId AND pair_id = @PairId
        """, new { transaction.TenantId, pair.PairId, pair.ActivatedAt, pair.RetiredAt });

    /// <summary>Forgets pairs that were retired by then.</summary>
    public static Task DropRetiredAsync(TenantTransaction transaction, Guid domainId, Instant by) => transaction.ExecuteAsync(
        "DELETE FROM dkim_pairs WHERE tenant_id = @TenantId AND domain_id = @domainId AND retired_at <= @by", new { transaction.TenantId, domainId, by });

    /// <summary>Removes the domain and its keys.</summary>
    public static Task DeleteAsync(TenantTransaction transaction, Guid domainId) => transaction.ExecuteAsync(
        "DELETE FROM domains WHERE tenant_id = @TenantId AND domain_id = @domainId", new { transaction.TenantId, domainId });

    private static async Task<IReadOnlyList<Domain>> WithPairsAsync(TenantTransaction transaction, IReadOnlyList<Domain> domains)
    {
        var pairs = (await transaction.QueryAsync<DkimPair>(
            $"SELECT {PairColumns} FROM dkim_pairs WHERE tenant_id = @TenantId AND domain_id = ANY (@ids) ORDER BY generation",
            new { transaction.TenantId, ids = domains.Select(d => d.DomainId).ToArray() })).ToLookup(pair => pair.DomainId);
        return [.. domains.Select(domain => domain with { Pairs = [.. pairs[domain.DomainId]] })];
    }
}
