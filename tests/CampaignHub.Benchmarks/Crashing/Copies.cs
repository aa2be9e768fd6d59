using System.Security.Cryptography;
using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Benchmarks.Crashing;

/// <summary>What the sink has for each person, read from its files.</summary>
internal sealed class Copies(string folder)
{
    private readonly ILookup<string, SinkLedgerLine> _byRecipient = SinkLedger.Read(folder).ToLookup(line => line.Recipient);

    public bool Has(string recipient) => _byRecipient.Contains(recipient);

    /// <summary>Messages beyond the first of each person.</summary>
    public int Doubled => Doubles.Sum(person => person.Count() - 1);

    /// <summary>People whose copies have more than one Message-ID.</summary>
    public int WithAnotherMessageId => Doubles.Count(person => person.Select(line => line.MessageId).Distinct().Count() > 1);

    /// <summary>People whose copies differ in any byte, each with the first line that differs.</summary>
    public IReadOnlyList<string> Different() => [.. Doubles.Select(Difference).OfType<string>()];

    private IEnumerable<IGrouping<string, SinkLedgerLine>> Doubles => _byRecipient.Where(person => person.Count() > 1);

    private string? Difference(IGrouping<string, SinkLedgerLine> person)
    {
        var copies = person.Select(Read).DistinctBy(bytes => Convert.ToHexString(SHA256.HashData(bytes))).Take(2).ToArray();
        if (copies is not [var one, var other])
            return null;
        var lines = Lines(one).Zip(Lines(other)).FirstOrDefault(pair => pair.First != pair.Second);
        return $"{person.Key}: \"{lines.First}\" and \"{lines.Second}\"";
    }

    private static string[] Lines(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes).Split("\r\n");

    private byte[] Read(SinkLedgerLine line)
    {
        using var spool = File.OpenHandle(Path.Combine(folder, "messages.spool"), share: FileShare.ReadWrite);
        var bytes = new byte[line.Length];
        RandomAccess.Read(spool, bytes, line.Offset);
        return bytes;
    }
}
