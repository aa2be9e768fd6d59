using System.Buffers.Binary;
using NodaTime;

namespace CampaignHub.Core.Forms;

/// <summary>
/// When a form was shown, as a hidden field of it: what is posted came from a page of ours, and not sooner or later than a person
/// would send it.
/// </summary>
public static class FormStamp
{
    /// <summary>Length of the key, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>Nobody has filled in a form sooner.</summary>
    public static readonly Duration Least = Duration.FromSeconds(2);

    /// <summary>A page that was left open for longer is shown anew.</summary>
    public static readonly Duration Most = Duration.FromHours(24);

    /// <summary>The stamp of a form that is shown now.</summary>
    public static string Write(ReadOnlySpan<byte> key, Guid formId, Instant shownAt)
    {
        Span<byte> body = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(body, shownAt.ToUnixTimeMilliseconds());
        return MacedText.Write(key, body, formId.ToByteArray(bigEndian: true));
    }

    /// <summary>Whether the text is the stamp of this form, and is neither too young nor too old.</summary>
    /// <param name="text">As it was posted, untrusted.</param>
    /// <param name="keys">The tenant's keys, newest first.</param>
    /// <param name="formId">The form that it was posted to.</param>
    /// <param name="now">Business time.</param>
    public static bool IsGood(string? text, IReadOnlyList<byte[]> keys, Guid formId, Instant now) =>
        MacedText.TryRead(text, keys, 8, formId.ToByteArray(bigEndian: true), out var body)
        && now - Instant.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(body)) is var age && age >= Least && age <= Most;
}
