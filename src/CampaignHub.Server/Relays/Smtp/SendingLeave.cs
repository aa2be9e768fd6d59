namespace CampaignHub.Server.Relays.Smtp;

/// <summary>What a message's sender is asked before the two steps that can't be taken back. A no ends the message as withdrawn.</summary>
public sealed record SendingLeave
{
    public static SendingLeave Always { get; } = new();

    /// <summary>Asked right before the write that holds DATA, which waits for the answer. No: nothing of DATA is sent, and the connection stays.</summary>
    public Func<ValueTask<bool>> MayBeginData { get; init; } = () => ValueTask.FromResult(true);

    /// <summary>Asked right before the write that holds the final dot. No: the connection is closed without it.</summary>
    public Func<bool> MayFinish { get; init; } = () => true;
}
