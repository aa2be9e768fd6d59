using CampaignHub.Core.Forms;
using CsCheck;
using NodaTime;

namespace CampaignHub.Core.Tests.Forms;

public sealed class FormTokenTests
{
    private static readonly byte[] s_key = Enumerable.Repeat((byte)7, 32).ToArray(), s_newer = Enumerable.Repeat((byte)9, 32).ToArray();
    private static readonly Instant s_shown = Instant.FromUtc(2026, 11, 28, 9, 0);
    private static readonly Guid s_form = Guid.Parse("01a22115-0000-7000-8000-000000000001");

    [Theory]
    [InlineData(1.9, false)]
    [InlineData(2, true)]
    [InlineData(86_400, true)]
    [InlineData(86_401, false)]
    [InlineData(-60, false)]
    public void A_stamp_is_good_as_long_as_a_person_may_take(double seconds, bool isGood) =>
        FormStamp.IsGood(FormStamp.Write(s_key, s_form, s_shown), [s_newer, s_key], s_form, s_shown + Duration.FromSeconds(seconds)).ShouldBe(isGood);

    [Fact]
    public void A_stamp_of_another_form_or_key_or_none_is_no_good()
    {
        var later = s_shown + Duration.FromMinutes(1);
        FormStamp.IsGood(FormStamp.Write(s_key, Guid.Empty, s_shown), [s_key], s_form, later).ShouldBeFalse();
        FormStamp.IsGood(FormStamp.Write(s_newer, s_form, s_shown), [s_key], s_form, later).ShouldBeFalse();
        FormStamp.IsGood(null, [s_key], s_form, later).ShouldBeFalse();
    }

    [Fact]
    public void A_token_reads_back_in_59_characters_under_any_of_the_tenants_keys() => Gen.Select(Gen.Guid, Gen.Guid).Sample((tenant, confirmation) =>
    {
        var text = new ConfirmationToken(tenant, confirmation).Write(s_key);
        return text.Length == 59 && ConfirmationToken.Read(text, asked => asked == tenant ? [s_newer, s_key] : []) == new ConfirmationToken(tenant, confirmation);
    });

    [Fact]
    public void One_character_changed_anywhere_or_any_text_at_all_is_no_token()
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=. ";
        var text = new ConfirmationToken(Guid.Parse("01a22115-0000-7000-8000-000000000002"), s_form).Write(s_key);
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Char[alphabet]).Sample((at, with) =>
            with == text[at] || ConfirmationToken.Read(text[..at] + with + text[(at + 1)..], _ => [s_key]) is null);
        Gen.String[Gen.Char[alphabet], 0, 80].Sample(any => ConfirmationToken.Read(any, _ => [s_key]) is null);
    }
}
