using System.Buffers;
using System.Text;
using CampaignHub.Core.Sending.Composing;

namespace CampaignHub.Core.Sending.Signing;

/// <summary>The header fields of one message that its signatures cover.</summary>
internal sealed class SignedFields : IDisposable
{
    private static readonly string[] Covered =
    [
        "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        "List-Unsubscribe", "List-Unsubscribe-Post",
    ];

    private readonly StringBuilder _names = new("From", 160);

    /// <param name="header">A message's, each field with its CR LF.</param>
    public SignedFields(ReadOnlySpan<byte> header)
    {
        var fields = Split(header);
        foreach (var name in Covered)
        {
            // RFC 6376, 5.4.2: of several with one name the last is signed first.
            for (var i = fields.Count - 1; i >= 0; i--)
            {
                if (Ascii.EqualsIgnoreCase(Name(header[fields[i]]), name))
                    Add(name, header[fields[i]]);
            }
        }
    }

    /// <summary>In relaxed form, in the order of <see cref="Names"/>, each with its line end.</summary>
    public PooledBuffer<byte> Canonical { get; } = new(2048);

    /// <summary>
    /// The <c>h=</c> tag's value, on several lines. It names From once more than there is: a second one, added on the
    /// way, breaks the signature.
    /// </summary>
    public string Names => _names.ToString();

    public void Dispose() => Canonical.Dispose();

    private void Add(string name, ReadOnlySpan<byte> field)
    {
        _names.Append(name == "List-Unsubscribe" || name == "MIME-Version" ? ":\r\n " : ":").Append(name);
        RelaxedForm.WriteField(field, Canonical);
        Canonical.Write("\r\n"u8);
    }

    private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> field) =>
        field.IndexOf((byte)':') is >= 0 and var colon ? field[..colon].TrimEnd(" \t"u8) : default;

    private static List<Range> Split(ReadOnlySpan<byte> header)
    {
        List<Range> fields = [];
        var start = 0;
        for (var at = 0; header[at..].IndexOf("\r\n"u8) is >= 0 and var line;)
        {
            at += line + 2;
            if (at < header.Length && header[at] is (byte)' ' or (byte)'\t')
                continue;
            fields.Add(start..at);
            start = at;
        }
        return fields;
    }
}
