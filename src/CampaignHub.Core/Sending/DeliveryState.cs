namespace CampaignHub.Core.Sending;

/// <summary>Where a delivery stands in the ledger.</summary>
public enum DeliveryState
{
    /// <summary>Due at its instant, not yet claimed.</summary>
    Scheduled,

    /// <summary>Claimed by a worker whose lease runs.</summary>
    Leased,

    /// <summary>A worker has marked it before MAIL FROM: from here on mail may reach the relay.</summary>
    Sending,

    /// <summary>The relay took it. Final.</summary>
    Accepted,

    /// <summary>To be tried again later.</summary>
    Deferred,

    /// <summary>Refused for good. Final.</summary>
    Rejected,

    /// <summary>Whether the relay took it can't be known.</summary>
    Uncertain,

    /// <summary>Not sent: the person must not be mailed. Final.</summary>
    Suppressed,

    /// <summary>Not sent: its hour had passed. Final.</summary>
    Missed,

    /// <summary>Not sent: the campaign was cancelled. Final.</summary>
    Cancelled,

    /// <summary>Given up after all retries. Final.</summary>
    Expired,

    /// <summary>Perhaps accepted, and not to be sent again. Final, but for a late answer.</summary>
    Held,
}

/// <summary>The contract's words for <see cref="DeliveryState"/>, as stored and shown.</summary>
public static class DeliveryStateWords
{
    private static readonly string[] s_words = [.. Enum.GetNames<DeliveryState>().Select(name => name.ToLowerInvariant())];

    public static string Word(this DeliveryState state) => s_words[(int)state];

    /// <summary>The state of a word; null when it is none.</summary>
    public static DeliveryState? Parse(string word) =>
        Array.IndexOf(s_words, word) is var at and >= 0 ? (DeliveryState)at : null;
}
