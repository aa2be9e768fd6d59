using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>One recipient's accepted message: when by business time, which, for whom, and where in the spool.</summary>
public sealed record SinkLedgerLine(Instant ReceivedAt, string? MessageId, string Recipient, long Offset, int Length);

/// <summary>The append-only record of what has been accepted; readable while, and after, the sink runs.</summary>
public static class SinkLedger
{
    internal const string FileName = "ledger.tsv";

    /// <summary>All complete lines of a folder's ledger; a torn last line was never answered and is left out.</summary>
    public static IEnumerable<SinkLedgerLine> Read(string folder)
    {
        using var file = new FileStream(
            Path.Combine(folder, FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split('\t') is [var at, var offset, var length, var id, var recipient, "."])
                yield return new SinkLedgerLine(InstantPattern.ExtendedIso.Parse(at).Value, id.Length == 0 ? null : id,
                    recipient, long.Parse(offset, CultureInfo.InvariantCulture), int.Parse(length, CultureInfo.InvariantCulture));
        }
    }

    // The dot at the end tells a whole line from a torn one.
    internal static void AppendLine(StringBuilder to, SinkLedgerLine line) =>
        to.Append(CultureInfo.InvariantCulture,
            $"{InstantPattern.ExtendedIso.Format(line.ReceivedAt)}\t{line.Offset}\t{line.Length}\t{Clean(line.MessageId)}\t{Clean(line.Recipient)}\t.\n");

    private static string Clean(string? text) =>
        text is null ? "" : string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
