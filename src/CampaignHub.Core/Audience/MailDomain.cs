using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace CampaignHub.Core.Audience;

/// <summary>A mail domain in the form that DNS and SMTP take: lower case, A-labels (RFC 5890), at least two labels.</summary>
public static class MailDomain
{
    /// <summary>Most octets of a domain in text form (RFC 1035 counts 255 with its length octets).</summary>
    public const int MaxLength = 253;

    private const int MaxLabelLength = 63;
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Normalises a domain, or says in <paramref name="problem"/> why it can't receive mail.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? domain, [NotNullWhen(false)] out string? problem)
    {
        domain = null;
        if (!TryEncode(text, out var encoded, out problem))
            return false;
        problem = ProblemOf(encoded);
        domain = problem is null ? encoded : null;
        return problem is null;
    }

    /// <summary>The domain and those above it that have at least two labels, the nearest first.</summary>
    /// <param name="domain">Normalised.</param>
    public static IReadOnlyList<string> WithParents(string domain)
    {
        List<string> domains = [];
        for (var rest = domain; rest.Contains('.', StringComparison.Ordinal); rest = rest[(rest.IndexOf('.', StringComparison.Ordinal) + 1)..])
            domains.Add(rest);
        return domains;
    }

    private static bool TryEncode(string text, [NotNullWhen(true)] out string? encoded, [NotNullWhen(false)] out string? problem)
    {
        (encoded, problem) = (null, null);
        if (Ascii.IsValid(text))
        {
            encoded = text.ToLowerInvariant();
            return true;
        }
        // IdnMapping only encodes under invariant globalization: case, composition and width are ours to map.
        var mapped = Composition.Compose(text).ToLowerInvariant();
        mapped = string.Create(mapped.Length, mapped, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
                target[i] = source[i] is >= '\uFF01' and <= '\uFF5E' ? char.ToLowerInvariant((char)(source[i] - 0xFEE0)) : source[i];
        });
        problem = mapped.EnumerateRunes().All(IsDomainRune) ? null : "The domain has a character that no domain may have.";
        return problem is null && TryPunycode(mapped, out encoded, out problem);
    }

    private static bool TryPunycode(string mapped, [NotNullWhen(true)] out string? encoded, [NotNullWhen(false)] out string? problem)
    {
        (encoded, problem) = (null, null);
        try
        {
            encoded = Idn.GetAscii(mapped).ToLowerInvariant();
            return true;
        }
        catch (ArgumentException)
        {
            // IdnMapping has no Try form; it refuses labels that are empty, too long once encoded, or end in a hyphen.
            problem = "The domain has a label that is empty or too long, or begins or ends with a hyphen.";
            return false;
        }
    }

    private static string? ProblemOf(string domain)
    {
        if (domain.Length > MaxLength)
            return $"The domain is longer than {MaxLength} characters.";
        var labels = 0;
        foreach (var range in domain.AsSpan().Split('.'))
        {
            if (LabelProblem(domain.AsSpan(range)) is { } problem)
                return problem;
            labels++;
        }
        if (labels < 2)
            return "The domain needs at least one dot.";
        var last = domain.AsSpan(domain.LastIndexOf('.') + 1);
        return last.ContainsAnyExceptInRange('0', '9') ? null : "The domain ends in a number, as no public domain does.";
    }

    private static string? LabelProblem(ReadOnlySpan<char> label) => label switch
    {
        [] => "The domain has an empty label: a dot too many.",
        { Length: > MaxLabelLength } => $"A label of the domain is longer than {MaxLabelLength} characters.",
        ['-', ..] or [.., '-'] => "A label of the domain begins or ends with a hyphen.",
        _ when label.ContainsAnyExcept(LabelCharacters) => "The domain has a character that no domain may have.",
        _ => null,
    };

    /// <summary>Letters, marks and digits, as RFC 5892 allows, with its middle dots and the dots between labels.</summary>
    private static bool IsDomainRune(Rune rune) => rune.Value is '.' or '-' or 0x3002 or 0x00B7 or 0x30FB
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber;
}
