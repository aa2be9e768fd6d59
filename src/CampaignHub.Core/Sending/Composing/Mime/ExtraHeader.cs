using System.Buffers;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>A header that a relay's settings put on each of its messages.</summary>
public sealed record ExtraHeader(string Name, string Value)
{
    /// <summary>What stands in a value for the delivery's token (<see cref="ReturnPath.LocalPart"/>), by which a provider says later which message it means.</summary>
    public const string DeliveryToken = "{delivery_token}";

    /// <summary>Characters; a name and its value share RFC 5322's line of 998.</summary>
    public const int MaxLength = 990;

    private static readonly HashSet<string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        "From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Subject", "Date", "Message-ID",
        "DKIM-Signature", "Received", "Return-Path",
    };

    // RFC 9110's token, which is narrower than RFC 5322's field name.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

    private static readonly string[] OurPrefixes = ["MIME-", "Content-", "List-Unsubscribe", "Resent-", "ARC-"];

    private static readonly string s_longestToken = new('b', ReturnPath.LocalPartLength);

    /// <summary>Whether each message has another value.</summary>
    public bool NamesDelivery => Value.Contains(DeliveryToken, StringComparison.Ordinal);

    /// <summary>The header as a message has it whose delivery has this token.</summary>
    public ExtraHeader For(string token) => NamesDelivery ? this with { Value = Value.Replace(DeliveryToken, token, StringComparison.Ordinal) } : this;

    /// <summary>Null where it may be sent; else why not, in English.</summary>
    public string? Problem()
    {
        if (Name.Length == 0 || Name.AsSpan().ContainsAnyExcept(Token))
            return "A header's name is made of letters, digits and hyphens.";
        if (Ours.Contains(Name) || Array.Exists(OurPrefixes, prefix => Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            return $"{Name} is set by the service.";
        if (Value.Any(char.IsControl))
            return "A header's value is one line without control characters.";
        return Name.Length + For(s_longestToken).Value.Length > MaxLength ? $"The header is longer than {MaxLength} characters." : null;
    }
}
