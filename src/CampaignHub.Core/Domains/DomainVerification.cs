using NodaTime;

namespace CampaignHub.Core.Domains;

/// <summary>Whether a domain is verified, and how close it is to losing that.</summary>
/// <param name="VerifiedAt">Since when; null: it isn't.</param>
/// <param name="FailedReads">Scheduled reads in a row that found it wrong.</param>
/// <param name="Problem">What the last read found wrong; null where it was right.</param>
public sealed record DomainVerification(Instant? VerifiedAt, int FailedReads, string? Problem)
{
    /// <summary>After so many scheduled reads in a row that found it wrong, a domain is no longer verified.</summary>
    public const int MostFailedReads = 3;

    /// <summary>A domain whose records nobody has read yet.</summary>
    public static DomainVerification New { get; } = new(null, 0, null);

    /// <summary>
    /// The state after a read of the records that verify the domain. One that could not be read changes nothing; a wrong
    /// one counts where nobody asked for the read, so that a slip in DNS doesn't stop a sender at once.
    /// </summary>
    public DomainVerification After(RecordVerdict verdict, bool isScheduled, Instant now)
    {
        if (verdict.Ok is null)
            return this;
        if (verdict.Ok == true)
            return new(VerifiedAt ?? now, 0, null);
        var failed = isScheduled && VerifiedAt is not null ? FailedReads + 1 : FailedReads;
        return new(failed >= MostFailedReads ? null : VerifiedAt, failed, verdict.Problem);
    }
}
