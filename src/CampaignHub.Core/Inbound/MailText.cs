using System.Text;
using MimeKit;
using MimeKit.Text;

namespace CampaignHub.Core.Inbound;

/// <summary>The text of a mail's parts.</summary>
internal static class MailText
{
    private const int MostBytes = 256 * 1024;

    /// <summary>A part's text, whatever its charset; no more of it than can matter.</summary>
    public static string Decode(MimePart part)
    {
        if (part.Content is null)
            return "";
        using var bytes = new MemoryStream();
        part.Content.DecodeTo(bytes);
        var content = bytes.GetBuffer().AsSpan(0, (int)Math.Min(bytes.Length, MostBytes));
        return EncodingOf(part.ContentType.Charset ?? (content.IndexOf(JapaneseEscape) >= 0 ? "iso-2022-jp" : "utf-8")).GetString(content);
    }

    /// <summary>By which ISO-2022-JP is known where no charset is named, as in fields of reports.</summary>
    private static ReadOnlySpan<byte> JapaneseEscape => "\e$B"u8;

    private static Encoding EncodingOf(string charset)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            // A charset that nobody knows: what is ASCII in it can still be read.
            return Encoding.Latin1;
        }
    }

    /// <summary>The text of HTML, one line a block; by tokens, so that no nesting costs anything.</summary>
    public static string WithoutTags(string html)
    {
        var text = new StringBuilder();
        using var reader = new StringReader(html);
        var tokens = new HtmlTokenizer(reader) { DecodeCharacterReferences = true };
        var hidden = false;
        while (tokens.ReadNextToken(out var token))
        {
            if (token is HtmlTagToken tag)
            {
                if (tag.Id is HtmlTagId.Style or HtmlTagId.Script or HtmlTagId.Title)
                    hidden = !tag.IsEndTag && !tag.IsEmptyElement;
                else if (tag.Id is HtmlTagId.Br or HtmlTagId.P or HtmlTagId.Div or HtmlTagId.TR or HtmlTagId.LI or HtmlTagId.H1 or HtmlTagId.H2)
                    text.Append('\n');
            }
            else if (token is HtmlDataToken data && token.Kind == HtmlTokenKind.Data && !hidden)
                text.Append(data.Data);
        }
        return text.ToString();
    }
}
