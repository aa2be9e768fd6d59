using CampaignHub.Server.Demo.Inbox;
using NodaTime;

namespace CampaignHub.Benchmarks.Sending;

/// <summary>
/// A small campaign beforehand, to a sink that keeps what it takes: the service's code is compiled by then, as in a
/// service that has run for a while, and we know what its mail is like.
/// </summary>
/// <param name="Bytes">Of a message as sent, on average.</param>
/// <param name="Signatures">DKIM signatures of a message.</param>
internal sealed record WarmUp(int Bytes, int Signatures)
{
    public static async Task<WarmUp> RunAsync(Mailing mailing, Guid listId, int people)
    {
#pragma warning disable RS0030 // The service under test runs on the system's clock, and so does this inbox.
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Clock = SystemClock.Instance });
#pragma warning restore RS0030
        await mailing.LeadToAsync(sink.Port);
        var campaign = await mailing.PlanAsync(listId);
        await mailing.LaunchAsync(campaign);
        while ((await mailing.GetCampaignAsync(campaign))["status"]!.GetValue<string>() != "finished")
            await Task.Delay(100);
        if (sink.MessageCount != people)
            throw new InvalidOperationException($"The sink has {sink.MessageCount} of {people} messages.");
        return new WarmUp(
            (int)sink.Messages.Average(message => message.ReadSource().Length),
            sink.Messages[0].Parse().Headers.Count(header => header.Id == MimeKit.HeaderId.DkimSignature));
    }
}
