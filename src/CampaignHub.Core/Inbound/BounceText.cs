using System.Text;
using System.Text.RegularExpressions;

namespace CampaignHub.Core.Inbound;

/// <summary>
/// The text of a report, taken apart by address. Servers of all kinds share a shape: an address at the start of a line,
/// and around it why it failed; then the message that came back, which isn't read.
/// </summary>
internal sealed partial class BounceText
{
    private const int MostLines = 2_000;
    private const int MostRecipients = 100;

    private readonly Dictionary<string, StringBuilder> _blocks = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _recipients = [];

    private BounceText(string whole) => Whole = whole;

    /// <summary>All of it up to the returned message.</summary>
    public string Whole { get; }

    /// <summary>What stands before the first address, or all where there is none.</summary>
    public string Lead { get; private set; } = "";

    public IReadOnlyList<string> Recipients => _recipients;

    /// <summary>The one address that is named in the middle of a line; null where there are several, or none.</summary>
    public string? Mentioned { get; private set; }

    /// <summary>What is said of a recipient; null where nothing is.</summary>
    public string? Of(string? recipient) => recipient is not null && _blocks.TryGetValue(recipient, out var block) ? block.ToString() : null;

    /// <param name="text">The report.</param>
    /// <param name="ours">The addresses that the report was sent to: no failed ones.</param>
    public static BounceText Read(string text, IEnumerable<string> ours)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n', MostLines + 1).Take(MostLines).TakeWhile(line => !ReturnedMessage().IsMatch(line)).ToList();
        var report = new BounceText(string.Join('\n', lines));
        var not = ours.ToHashSet(StringComparer.OrdinalIgnoreCase);
        report.Divide(lines, not);
        var mentioned = MailAddresses.All(report.Whole).Where(address => !not.Contains(address)).Distinct(StringComparer.OrdinalIgnoreCase).Take(2).ToList();
        report.Mentioned = mentioned.Count == 1 ? mentioned[0] : null;
        return report;
    }

    private void Divide(List<string> lines, HashSet<string> not)
    {
        StringBuilder before = new(), lead = before;
        StringBuilder? current = null;
        foreach (var line in lines)
        {
            var heading = Heading().Match(line);
            var address = heading.Success ? MailAddresses.First(heading.Groups["address"].Value) : null;
            if (address is null || not.Contains(address) || _recipients.Count >= MostRecipients)
            {
                (current ?? before).Append(line).Append('\n');
                continue;
            }
            if (!_blocks.TryGetValue(address, out var block))
            {
                _recipients.Add(address);
                _blocks[address] = block = new StringBuilder();
            }
            if (heading.Groups["code"].Success)
            {
                // A transcript: what led to this line stands before it, and what follows is of the next.
                block.Append(before).Append(line).Append('\n');
                before = new StringBuilder();
                current = null;
            }
            else
            {
                block.Append(line).Append('\n');
                current = block;
            }
        }
        Lead = lead.ToString();
    }

    [GeneratedRegex(
        @"^[ \t>*""'<|-]{0,12}(?:(?:Final-)?Recipient: ?)?(?<code>[45]\d\d (?:[45]\.\d{1,3}\.\d{1,3} )?)?[<""]{0,2}(?<address>[^\s<>"",;:()\[\]@]{1,64}@[^\s<>"",;:()\[\]@]{1,253})[>""]{0,2}(?:\s*$|:|,| on |<mailto:|\.\.\.|\s*\()",
        RegexOptions.IgnoreCase)]
    private static partial Regex Heading();

    // By the words with which servers announce it, or by its own first header.
    [GeneratedRegex(
        @"^(?:Return-Path|Received|DKIM-Signature): |^[-*=\s]{0,80}(?:below (?:this line )?is a copy|(?:this|enclosed) is a copy of|(?:the )?headers? of the original|message headers? follows?|(?:the )?original (?:message|mail)(?: headers?| info| follows)?[\s.:*=-]{0,80}$|unsent message|returned message|undelivered message)",
        RegexOptions.IgnoreCase)]
    private static partial Regex ReturnedMessage();
}
