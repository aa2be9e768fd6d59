using System.Text;
using CampaignHub.Server.Relays.Smtp;
using CsCheck;

namespace CampaignHub.Server.Tests.Relays.Smtp;

public sealed class LineEndsTests
{
    private static readonly Gen<string> AnyText = Gen.Char["\r\n.x"].Array[0, 40].Select(chars => new string(chars));

    [Fact]
    public void Whatever_comes_in_has_only_crlf_and_the_same_lines() =>
        AnyText.Sample(text =>
        {
            var clean = Clean(text);
            clean.Replace("\r\n", "").ShouldNotContain('\r');
            clean.Replace("\r\n", "").ShouldNotContain('\n');
            Lines(clean).ShouldBe(Lines(text));
        });

    [Fact]
    public void Cleaning_twice_changes_nothing() => AnyText.Sample(text => Clean(Clean(text)).ShouldBe(Clean(text)));

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static string Clean(string text) => Encoding.ASCII.GetString(LineEnds.Clean(Encoding.ASCII.GetBytes(text)).Span);
}
