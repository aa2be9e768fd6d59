using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CsCheck;

namespace CampaignHub.Core.Tests.Tracking;

public sealed class TrackingTokenTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static readonly KeyRing s_ring = KeyRing.Create(Enumerable.Repeat((byte)7, 32).ToArray());

    private static readonly Gen<string?> s_url = Gen.OneOf(
        Gen.Const((string?)null),
        Gen.String[Gen.Char[' ', '~'], 1, TrackingToken.MaxUrlLength].Select(url => (string?)url),
        Gen.String[Gen.Char['\u00A1', '\u9FFF'], 1, TrackingToken.MaxUrlLength].Select(url => (string?)url));

    private static readonly Gen<TrackingToken> s_token = Gen.OneOf(
        Gen.Select(Gen.Guid, Gen.Guid, TrackingToken.Open),
        Gen.Select(Gen.Guid, Gen.Guid, TrackingToken.Unsubscribe),
        Gen.Select(Gen.Guid, Gen.Guid, Gen.Guid, TrackingToken.Honeypot),
        Gen.Select(Gen.Guid, Gen.Guid, Gen.Guid, Gen.UShort, s_url, TrackingToken.Click));

    [Fact]
    public void What_was_written_is_read() => s_token.Sample(token => Read(Write(token)) == token);

    [Fact]
    public void Mutated_tokens_never_verify() =>
        Gen.Select(s_token, Gen.Int[0, int.MaxValue], Gen.Int[0, Alphabet.Length - 1], Gen.Int[0, 4]).Sample(
            (token, at, letter, mutation) =>
            {
                var text = Write(token);
                var mutated = Mutate(text, at % text.Length, Alphabet[letter], mutation);
                return mutated == text || Read(mutated) is null;
            }, iter: 1_000_000);

    [Fact]
    public void Every_single_changed_character_fails()
    {
        var text = Write(TrackingToken.Open(Guid.CreateVersion7(), Guid.CreateVersion7()));
        for (var at = 0; at < text.Length; at++)
            foreach (var letter in Alphabet + "=+/ \n.%\0é")
                Read(Mutate(text, at, letter, 0)).ShouldBe(letter == text[at] ? Read(text) : null);
    }

    [Fact]
    public void Stray_last_bits_padding_and_white_space_are_no_second_spelling()
    {
        var text = Write(TrackingToken.Click(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 1, "https://example.com/ab"));
        (text.Length % 4).ShouldNotBe(0, "the last character has spare bits");
        var last = Alphabet.IndexOf(text[^1], StringComparison.Ordinal);
        foreach (var other in new[] { text[..^1] + Alphabet[last + 1], text + "=", text + "==", text + "\n", " " + text, text[..10] + " " + text[10..] })
            Read(other).ShouldBeNull(other);
    }

    [Fact]
    public void A_token_of_one_kind_is_none_of_another()
    {
        // The first character and two bits of the second hold version and kind.
        var text = Write(TrackingToken.Open(Guid.CreateVersion7(), Guid.CreateVersion7()));
        var forged = Write(TrackingToken.Unsubscribe(Guid.CreateVersion7(), Guid.CreateVersion7()))[..2] + text[2..];
        Read(forged).ShouldBeNull();
    }

    [Fact]
    public void A_token_of_one_tenant_does_not_verify_as_anothers()
    {
        var (mine, theirs) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var forged = TrackingToken.Open(theirs, Guid.CreateVersion7()).Write(s_ring.Derive(mine, KeyPurpose.Tracking, TrackingToken.KeyBytes));
        Read(forged).ShouldBeNull();
    }

    [Fact]
    public void Old_mail_keeps_working_after_a_rotation()
    {
        var token = TrackingToken.Open(Guid.CreateVersion7(), Guid.CreateVersion7());
        Read(Write(token), s_ring.Rotate(Enumerable.Repeat((byte)8, 32).ToArray())).ShouldBe(token);
    }

    [Fact]
    public void A_pixels_path_is_under_90_characters() =>
        $"/o/{Write(TrackingToken.Open(Guid.CreateVersion7(), Guid.CreateVersion7()))}.gif".Length.ShouldBeLessThan(90);

    [Fact]
    public void Urls_that_no_token_can_carry_are_refused()
    {
        foreach (var url in new[] { "", "https://example.com/\uD800", new string('a', TrackingToken.MaxUrlLength + 1) })
            Should.Throw<ArgumentException>(() => TrackingToken.Click(Guid.Empty, Guid.Empty, Guid.Empty, 0, url));
    }

    [Fact]
    public void Any_text_is_answered_without_an_exception() =>
        Gen.String[0, 9000].Sample(text => Read(text) is null, iter: 2_000);

    private static string Mutate(string text, int at, char letter, int mutation) => mutation switch
    {
        0 => text[..at] + letter + text[(at + 1)..],
        1 => text.Insert(at, letter.ToString()),
        2 => text.Remove(at, 1),
        3 => text[..at],
        _ => text[at..] + text[..at],
    };

    private static string Write(TrackingToken token) => token.Write(s_ring.Derive(token.TenantId, KeyPurpose.Tracking, TrackingToken.KeyBytes));

    private static TrackingToken? Read(string text, KeyRing? ring = null) =>
        TrackingToken.TryRead(text, tenant => (ring ?? s_ring).DeriveAll(tenant, KeyPurpose.Tracking, TrackingToken.KeyBytes), out var token) ? token : null;
}
