using CampaignHub.Core.Tenancy;
using CsCheck;

namespace CampaignHub.Core.Tests.Tenancy;

public sealed class ApiKeyFormatTests
{
    private static readonly Gen<byte[]> s_random = Gen.Byte.Array[ApiKeyFormat.RandomBytes];

    [Fact]
    public void A_new_key_parses_to_its_kind_and_prefix_and_matches_its_hash() =>
        Gen.Select(s_random, Gen.Bool).Sample((random, forOperator) =>
        {
            var kind = forOperator ? ApiKeyKind.Operator : ApiKeyKind.Tenant;
            var text = ApiKeyFormat.Create(kind, random);
            text.Length.ShouldBe(ApiKeyFormat.Length);
            ApiKeyFormat.TryParse(text, out var key).ShouldBeTrue();
            key.ShouldBe(new ApiKey(kind, text[..16]));
            ApiKeyFormat.Matches(text, ApiKeyFormat.Hash(text)).ShouldBeTrue();
        });

    [Fact]
    public void The_ends_of_the_range_fit_in_the_digits()
    {
        foreach (var fill in new byte[] { 0, 255 })
            ApiKeyFormat.TryParse(ApiKeyFormat.Create(ApiKeyKind.Tenant, Enumerable.Repeat(fill, 40).ToArray()), out _).ShouldBeTrue();
    }

    [Fact]
    public void One_wrong_character_is_told_apart_without_the_database() =>
        Gen.Select(s_random, Gen.Int[0, ApiKeyFormat.Length - 1], Gen.Char).Sample((random, at, wrong) =>
        {
            var text = ApiKeyFormat.Create(ApiKeyKind.Tenant, random);
            var typo = text[..at] + wrong + text[(at + 1)..];
            ApiKeyFormat.TryParse(typo, out _).ShouldBe(typo == text);
            ApiKeyFormat.Matches(typo, ApiKeyFormat.Hash(text)).ShouldBe(typo == text);
        });

    [Fact]
    public void Two_neighbours_swapped_are_told_apart() =>
        Gen.Select(s_random, Gen.Int[17, ApiKeyFormat.Length - 2]).Sample((random, at) =>
        {
            var text = ApiKeyFormat.Create(ApiKeyKind.Tenant, random);
            var swapped = text[..at] + text[at + 1] + text[at] + text[(at + 2)..];
            return ApiKeyFormat.TryParse(swapped, out _) == (swapped == text);
        });

    [Theory]
    [InlineData("")]
    [InlineData("chk_")]
    [InlineData("Bearer chk_000000000000_00000000000000000000000000000000000000000000000")]
    public void Anything_else_is_no_key(string text) => ApiKeyFormat.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Too_little_randomness_is_refused() =>
        Should.Throw<ArgumentException>(() => ApiKeyFormat.Create(ApiKeyKind.Tenant, new byte[16]));
}
