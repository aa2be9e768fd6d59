using System.Text;
using MimeKit;

namespace CampaignHub.Core.Inbound;

/// <summary>A mail cut up for reading: what is written for people, what for machines, and what of the returned message is there.</summary>
internal sealed class MailParts
{
    private const int MaxDepth = 20;
    private const int MaxParts = 100;
    private const int MaxText = 64 * 1024;

    private static readonly ParserOptions s_options = new() { MaxMimeDepth = MaxDepth, MaxAddressGroupDepth = 2 };

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _html = new();
    private readonly StringBuilder _status = new();
    private readonly StringBuilder _feedback = new();
    private readonly StringBuilder _returned = new();
    private HeaderList _headers = [];
    private int _parts;

    private MailParts()
    {
    }

    /// <summary>The mail's own headers.</summary>
    public string? Header(string name) => _headers[name];

    /// <summary>All of the mail's own headers of one name.</summary>
    public IEnumerable<string> Headers(string name) =>
        _headers.Where(h => h.Field.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value);

    /// <summary>The media type with the kind of report, such as <c>multipart/report; delivery-status</c>.</summary>
    public bool IsReport(string kind) => ContentType.IsMimeType("multipart", "report")
        && string.Equals(ContentType.Parameters["report-type"], kind, StringComparison.OrdinalIgnoreCase);

    /// <summary>What is written for people.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Delivery status fields (RFC 3464), one report after the other.</summary>
    public string Status => _status.ToString();

    /// <summary>Feedback fields (RFC 5965).</summary>
    public string Feedback => _feedback.ToString();

    /// <summary>Headers of the returned message, where it is a part of its own.</summary>
    public string Returned => _returned.ToString();

    /// <summary>Whether a whole message is enclosed.</summary>
    public bool EnclosesMessage { get; private set; }

    private ContentType ContentType { get; set; } = new("text", "plain");

    public static MailParts Of(ReadOnlySpan<byte> mail)
    {
        var parts = new MailParts();
        using var stream = new MemoryStream(mail.ToArray());
        try
        {
            var message = MimeMessage.Load(s_options, stream);
            parts._headers = message.Headers;
            if (message.Body is { } body)
            {
                parts.ContentType = body.ContentType;
                parts.Walk(body, 0);
            }
        }
        catch (Exception fault) when (fault is FormatException or IOException)
        {
            // No mail at all, so it says nothing: what was read until here stands.
        }
        parts.Text = (parts._text.Length > 0 ? parts._text : parts._html).ToString();
        return parts;
    }

    private void Walk(MimeEntity entity, int depth)
    {
        if (++_parts > MaxParts || depth > MaxDepth)
            return;
        switch (entity)
        {
            case Multipart multipart:
                if (multipart.Preamble is { } preamble && multipart.ContentType.IsMimeType("multipart", "report"))
                    Add(_text, preamble);
                foreach (var part in multipart)
                    Walk(part, depth + 1);
                break;
            case MessagePart enclosed:
                EnclosesMessage = true;
                if (_returned.Length == 0 && enclosed.Message is { } message)
                    Add(_returned, string.Join('\n', message.Headers.Select(h => $"{h.Field}: {OneLine(h.Value)}")));
                break;
            case MimePart part:
                Read(part);
                break;
        }
    }

    private void Read(MimePart part)
    {
        var type = part.ContentType;
        if (type.IsMimeType("message", "delivery-status") || type.IsMimeType("message", "global-delivery-status"))
            Add(_status, MailText.Decode(part) + "\n\n");
        else if (type.IsMimeType("message", "feedback-report"))
            Add(_feedback, MailText.Decode(part));
        else if (type.IsMimeType("text", "rfc822-headers") || type.IsMimeType("message", "rfc822-headers") || type.IsMimeType("message", "global-headers"))
            Add(_returned, MailText.Decode(part));
        else if (type.IsMimeType("text", "html"))
            Add(_html, MailText.WithoutTags(MailText.Decode(part)));
        else if (type.IsMimeType("text", "*") && part.FileName is null)
            Add(_text, MailText.Decode(part) + "\n");
    }

    private static string OneLine(string? value) => value is null ? "" : value.ReplaceLineEndings(" ");

    private static void Add(StringBuilder to, string text) =>
        to.Append(text.AsSpan(0, Math.Clamp(MaxText - to.Length, 0, text.Length)));
}
