using CampaignHub.Core.Audience;
using NodaTime;

namespace CampaignHub.Core.Storefronts;

/// <summary>What a message of a shop asks for.</summary>
public enum ShopAct
{
    /// <summary>Nothing: an unknown topic, or one that says nothing of people.</summary>
    Nothing,

    /// <summary>Make the person, or bring what is known of them up to date; with or without an order.</summary>
    Tell,

    /// <summary>The same for somebody who is known already: a checkout that isn't finished makes nobody.</summary>
    Update,

    /// <summary>The shop has removed the customer.</summary>
    Remove,

    /// <summary>An order was removed.</summary>
    RemoveOrder,

    /// <summary>Facts about the shop itself.</summary>
    TellShop,

    /// <summary>A person asks what is stored about them.</summary>
    RequestData,

    /// <summary>A person's data must be erased.</summary>
    Redact,

    /// <summary>All of the shop's data must be erased.</summary>
    RedactShop,
}

/// <summary>One message of a shop, in our words. A field that the shop leaves out, or that we can't read, is null and changes nothing.</summary>
public sealed record ShopMessage(ShopAct Act)
{
    /// <summary>The shop's own number of the customer; null: a guest.</summary>
    public string? CustomerId { get; init; }

    public EmailAddress? Email { get; init; }

    /// <summary>When what it says was so, by the shop's clock.</summary>
    public Instant? At { get; init; }

    public ShopPerson Person { get; init; } = ShopPerson.Unknown;

    public ShopConsent? Consent { get; init; }

    public ShopOrder? Order { get; init; }

    /// <summary>Of <see cref="ShopAct.TellShop"/>: the shop's zone, a tzdb id.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Of <see cref="ShopAct.TellShop"/>: it sends no more from now on.</summary>
    public bool IsUninstalled { get; init; }

    /// <summary>Why nothing can come of a message that should have told of a person; null where nothing is wrong.</summary>
    public string? Fault { get; init; }

    public static readonly ShopMessage Nothing = new(ShopAct.Nothing);

    internal const string UnreadableOrder = "The order has no id, instant, total or currency that can be read.";
}

/// <summary>What a shop knows of a person.</summary>
public sealed record ShopPerson
{
    public static readonly ShopPerson Unknown = new();

    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Locale { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>ISO 3166-2 without the country; null where the country is.</summary>
    public string? Region { get; init; }

    public string? Phone { get; init; }

    /// <summary>All tags; null where the message doesn't list them.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    public IReadOnlyList<string> AddedTags { get; init; } = [];
    public IReadOnlyList<string> RemovedTags { get; init; } = [];
}

/// <summary>An order.</summary>
/// <param name="OrderId">The shop's own id of it.</param>
/// <param name="OrderedAt">When it was placed.</param>
/// <param name="Total">What is paid for it, 0 or more, in units of the currency; what was refunded is taken off where the shop tells.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Counts">False for a test, a cancelled or failed order, or one that isn't finished.</param>
public sealed record ShopOrder(string OrderId, Instant OrderedAt, decimal Total, string Currency, bool Counts)
{
    /// <summary>More than any shop takes for an order, and little enough to be summed.</summary>
    public const decimal MostTotal = 999_999_999_999m;
}
