using System.Globalization;

namespace CampaignHub.Server.Demo.Checking;

/// <summary>Something that has to be so.</summary>
/// <param name="Name">What, as a sentence.</param>
/// <param name="Expected">How it has to be.</param>
/// <param name="Actual">How it is.</param>
internal sealed record Check(string Name, string Expected, string Actual)
{
    public bool Holds => Expected == Actual;

    public static Check Equal(string name, long expected, long actual) =>
        new(name, expected.ToString(CultureInfo.InvariantCulture), actual.ToString(CultureInfo.InvariantCulture));

    /// <summary>Nothing may be in a list; what is in it is named.</summary>
    public static Check None(string name, IEnumerable<string> exceptions)
    {
        var all = exceptions.ToList();
        return new(name, "none", all.Count == 0 ? "none" : $"{all.Count}: {string.Join(", ", all.Take(3))}{(all.Count > 3 ? ", …" : "")}");
    }
}
