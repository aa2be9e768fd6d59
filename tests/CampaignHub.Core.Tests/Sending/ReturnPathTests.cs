using CampaignHub.Core.Sending;
using CsCheck;

namespace CampaignHub.Core.Tests.Sending;

public sealed class ReturnPathTests
{
    private static readonly Gen<byte[]> s_key = Gen.Byte.Array[ReturnPath.KeyBytes];

    [Fact]
    public void What_was_made_is_read_back_in_any_case_and_fits_before_the_at() =>
        Gen.Select(s_key, Gen.Guid).Sample((key, id) =>
        {
            var address = ReturnPath.Make(key, id, "bounces.shop.example");
            address.ShouldEndWith("@bounces.shop.example");
            var local = address[..address.IndexOf('@', StringComparison.Ordinal)];
            local.Length.ShouldBe(44);
            local.ShouldMatch("^b\\.[a-z2-7]{42}$");
            foreach (var text in (string[])[local, local.ToUpperInvariant()])
            {
                ReturnPath.TryRead(key, text, out var read).ShouldBeTrue();
                read.ShouldBe(id);
            }
        });

    [Fact]
    public void A_changed_character_or_another_key_is_refused() =>
        Gen.Select(s_key, s_key, Gen.Guid, Gen.Int[2, 43], Gen.Char["abcdefghijklmnopqrstuvwxyz234567"]).Sample((key, other, id, place, character) =>
        {
            var local = ReturnPath.Make(key, id, "x.example")[..44];
            var changed = string.Concat(local.AsSpan(0, place), [character], local.AsSpan(place + 1));
            ReturnPath.TryRead(key, changed, out _).ShouldBe(changed == local);
            ReturnPath.TryRead(other, local, out _).ShouldBe(other.AsSpan().SequenceEqual(key));
        });

    [Fact]
    public void Texts_from_anywhere_are_refused_without_a_fault() =>
        Gen.OneOf(Gen.String, Gen.Char["ab.2é\0"].Array[44].Select(chars => new string(chars)), Gen.Const("b." + new string('a', 42)))
            .Sample(text => ReturnPath.TryRead(new byte[ReturnPath.KeyBytes], text, out _).ShouldBeFalse());
}
