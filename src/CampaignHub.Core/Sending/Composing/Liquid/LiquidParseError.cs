using System.Globalization;
using System.Text.RegularExpressions;

namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>Reads the place out of the engine's message: it gives it in words only.</summary>
internal static partial class LiquidParseError
{
    public static LiquidProblem Read(string error)
    {
        var match = Place().Match(error);
        return match.Success
            ? new(Number(match.Groups["line"]), Math.Max(1, Number(match.Groups["column"])), match.Groups["message"].Value)
            : new(1, 1, error);
    }

    public static LiquidProblem Locate(string source, string filter)
    {
        var use = Regex.Match(source, @"\|\s*" + Regex.Escape(filter) + @"\b", RegexOptions.CultureInvariant);
        var (line, column) = TextPosition.Of(source, use.Success ? use.Index : 0);
        return new(line, column, $"Unknown filter '{filter}'");
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A(?<message>.*?) at \((?<line>\d+):(?<column>\d+)\)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
