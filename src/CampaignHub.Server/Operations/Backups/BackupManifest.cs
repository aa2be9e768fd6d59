using NodaTime;

namespace CampaignHub.Server.Operations.Backups;

/// <summary>What a backup says of itself.</summary>
internal sealed record BackupManifest
{
    /// <summary>The version of the program that took it.</summary>
    public required string Program { get; init; }

    /// <summary>The last migration of the database's schema.</summary>
    public required string Schema { get; init; }

    /// <summary>The major version of the server that was dumped: an older one can't read it.</summary>
    public required int Postgres { get; init; }

    /// <summary>The login that owns the tables.</summary>
    public required string Login { get; init; }

    public required Instant TakenAt { get; init; }

    /// <summary>The fingerprint of the key ring that the database belongs to.</summary>
    public required string KeyRing { get; init; }

    /// <summary>The SHA-256 of each part, in hexadecimal, by its name.</summary>
    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}
