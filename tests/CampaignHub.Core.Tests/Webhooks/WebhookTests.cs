using System.Text;
using CampaignHub.Core.Webhooks;
using CsCheck;
using NodaTime;

namespace CampaignHub.Core.Tests.Webhooks;

public sealed class WebhookTests
{
    [Fact]
    public void A_signature_is_that_of_the_standards_own_example() =>
        WebhookSignature.Sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("{\"test\": 2432232314}"), Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void While_a_secret_is_rotated_both_sign() =>
        WebhookSignature.Sign("id", 1, [1], [[1, 2], [3, 4]]).Split(' ').Length.ShouldBe(2);

    [Fact]
    public void There_are_ten_tries_over_seventy_five_hours()
    {
        var waits = Enumerable.Range(1, 20).Select(attempts => WebhookRetries.After(attempts, 0)).TakeWhile(wait => wait is not null).ToList();
        (waits.Count + 1).ShouldBe(WebhookRetries.Most);
        waits.Aggregate(Duration.Zero, (sum, wait) => sum + wait!.Value).ShouldBe(Duration.FromHours(75) + Duration.FromMinutes(35) + Duration.FromSeconds(5));
    }

    [Fact]
    public void A_wait_is_up_to_a_fifth_longer_never_shorter_and_never_shorter_than_was_asked_for() =>
        Gen.Select(Gen.Int[1, WebhookRetries.Most - 1], Gen.Double[0, 0.999], Gen.Int[0, 100_000]).Sample((attempts, chance, seconds) =>
        {
            var asked = Duration.FromSeconds(seconds);
            var (least, wait) = (WebhookRetries.After(attempts, 0)!.Value, WebhookRetries.After(attempts, chance, asked)!.Value);
            return wait >= least && wait >= Duration.Min(asked, WebhookRetries.LongestPutOff)
                && wait <= Duration.Max(least * 1.2, Duration.Min(asked, WebhookRetries.LongestPutOff)) + Duration.FromMilliseconds(1);
        });

    [Theory]
    [InlineData(200, WebhookVerdict.Delivered)]
    [InlineData(299, WebhookVerdict.Delivered)]
    [InlineData(302, WebhookVerdict.Failed)]
    [InlineData(404, WebhookVerdict.Failed)]
    [InlineData(410, WebhookVerdict.Gone)]
    [InlineData(503, WebhookVerdict.Failed)]
    [InlineData(null, WebhookVerdict.Failed)]
    public void Only_2xx_is_a_success_and_410_is_the_end(int? status, WebhookVerdict verdict) => new WebhookAnswer(status, null).Verdict.ShouldBe(verdict);
}
