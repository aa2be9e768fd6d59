using System.Buffers;
using System.Text;
using MimeKit;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>Writes header fields, each a line or several folded ones, to a message's bytes.</summary>
internal static class HeaderFields
{
    // RFC 5322's dot-atoms: what nearly every address is made of, and nothing that a header would take for syntax.
    private static readonly SearchValues<char> AddressCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_+'!#$%&*/=?^`{|}~");

    /// <summary>Writes a field whose value is ready; beyond ASCII it is UTF-8, which only an address for SMTPUTF8 relays is.</summary>
    public static void WriteField(this IBufferWriter<byte> target, string name, string value)
    {
        Encoding.UTF8.GetBytes(name, target);
        target.Write(": "u8);
        Encoding.UTF8.GetBytes(value, target);
        target.Write("\r\n"u8);
    }

    /// <exception cref="ArgumentException">The address isn't one: addresses are checked where they are stored.</exception>
    public static void WriteMailbox(this IBufferWriter<byte> target, string name, MailAddress address)
    {
        if (!IsBare(address.Email))
            throw new ArgumentException($"{name} is no address.", nameof(address));
        target.WriteField(name, HeaderText.Mailbox(name, address));
    }

    /// <exception cref="ArgumentException">A header that its own rules refuse: they are checked where it is stored.</exception>
    public static void WriteExtra(this IBufferWriter<byte> target, ExtraHeader header)
    {
        if (header.Problem() is { } problem)
            throw new ArgumentException($"{header.Name}: {problem}", nameof(header));
        target.WriteField(header.Name, HeaderText.Unstructured(header.Name, header.Value));
    }

    private static bool IsBare(string email)
    {
        var at = email.LastIndexOf('@');
        if (at < 1 || at == email.Length - 1)
            return false;
        return !email.AsSpan(0, at).ContainsAnyExcept(AddressCharacters) && !email.AsSpan(at + 1).ContainsAnyExcept(AddressCharacters)
            || !email.Any(char.IsControl) && !email.EndsWith('>') && MailboxAddress.TryParse(email, out _);
    }
}
