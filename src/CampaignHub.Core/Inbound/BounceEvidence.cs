using System.Globalization;
using System.Text.RegularExpressions;
using CampaignHub.Core.Sending;

namespace CampaignHub.Core.Inbound;

/// <summary>Where in the SMTP dialogue a refusal came, as far as a report tells.</summary>
internal enum RefusedAt
{
    Unknown,
    Mail,
    Recipient,
    Data,
}

/// <summary>What a report says of one recipient, from which <see cref="BounceRules"/> decides.</summary>
internal sealed partial record BounceEvidence
{
    private const int MaxText = 8_192;

    public string? Recipient { get; init; }

    /// <summary>RFC 3464's action in lower case, such as <c>failed</c>; empty where the report has none.</summary>
    public string Action { get; init; } = "";

    /// <summary>The reporter's own code; the other side's, in the text, is nearer to the truth.</summary>
    public EnhancedCode? Status { get; init; }

    /// <summary>The SMTP code in the text, 400 to 559.</summary>
    public int? Code { get; init; }

    /// <summary>The enhanced code in the text.</summary>
    public EnhancedCode? Enhanced { get; init; }

    /// <summary>What was said, with single spaces.</summary>
    public string Text { get; init; } = "";

    public RefusedAt At { get; init; }

    /// <summary>A program on the recipient's machine failed, not a mail server.</summary>
    public bool IsLocalProgram { get; init; }

    /// <summary>A rule of the recipient's own at Amazon SES sent the report after the mail was accepted, with a code of their choice.</summary>
    public bool IsReceiptRule { get; init; }

    /// <summary>What the report tells people, where it is about one recipient alone.</summary>
    public string Lead { get; init; } = "";

    /// <summary>The code to go by.</summary>
    public EnhancedCode? Effective => Enhanced ?? Status;

    /// <summary>Evidence of a text alone.</summary>
    public static BounceEvidence Of(string text)
    {
        var line = Collapse(text);
        return new BounceEvidence
        {
            Text = line,
            Code = ReplyCode().Match(line) is { Success: true } reply ? int.Parse(reply.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : null,
            Enhanced = CodeOf(CodeAfterReply().Match(line)) ?? CodeOf(LoneCode().Match(line)),
            At = PlaceOf(line),
        };
    }

    /// <summary>Where the refusal came, by the words with which servers tell it; the last ones count.</summary>
    public static RefusedAt PlaceOf(string text)
    {
        // Where commands were sent in one go, transcripts show the refused name's answer after DATA, and this after it.
        if (Says("no valid recipients") || Says("need rcpt") || Says("does not like recipient"))
            return RefusedAt.Recipient;
        if (Says("my name was rejected"))
            return RefusedAt.Mail;
        var place = Says("failed after I sent the message") ? RefusedAt.Data : RefusedAt.Unknown;
        foreach (Match found in Place().Matches(text))
            place = char.ToUpperInvariant(found.Groups[1].Value[0]) switch
            {
                'M' or 'H' or 'E' => RefusedAt.Mail,
                'R' => RefusedAt.Recipient,
                _ => RefusedAt.Data,
            };
        return place;

        bool Says(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>As it may be stored and shown: one line, no control characters, not too long, and nobody's name, so that it may outlive them.</summary>
    public static string? Bounded(string? text)
    {
        var line = LocalParts().Replace(Collapse(text ?? ""), "\u2026@");
        if (line.Length > InboundFinding.MaxDiagnostic)
            line = line[..(char.IsHighSurrogate(line[InboundFinding.MaxDiagnostic - 1]) ? InboundFinding.MaxDiagnostic - 1 : InboundFinding.MaxDiagnostic)];
        return line.Length == 0 ? null : line;
    }

    public static string Collapse(string text)
    {
        var bounded = text.Length > MaxText ? text[..MaxText] : text;
        return Blanks().Replace(bounded, " ").Trim();
    }

    private static EnhancedCode? CodeOf(Match found) => found.Success ? EnhancedCode.Parse(found.Groups[1].ValueSpan) : null;

    [GeneratedRegex(@"[\s\p{Cc}\p{Cs}]+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"[^\s<>""'(),:;\[\]@]{1,64}@")]
    private static partial Regex LocalParts();

    [GeneratedRegex(@"(?<![\w.:/-])[45][0-5]\d(?![\w.])")]
    private static partial Regex ReplyCode();

    [GeneratedRegex(@"(?<![\w.:/-])[45][0-5]\d[-\s:'""#(]{1,4}([45]\.\d{1,3}\.\d{1,3})(?![.\d])")]
    private static partial Regex CodeAfterReply();

    [GeneratedRegex(@"(?<![\w.])([45]\.\d{1,3}\.\d{1,3})(?![.\d])")]
    private static partial Regex LoneCode();

    [GeneratedRegex(@"(?:in reply to|after|like our|command[,:]? |for|>>>|SMTP:|\[)\s?(?:the |end of |final ){0,2}(MAIL[ _](?:FROM)|HELO|EHLO|RCPT\b|RCPT_TO|DATA\b|TEXT command)", RegexOptions.IgnoreCase)]
    private static partial Regex Place();
}
