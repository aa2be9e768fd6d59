using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CampaignHub.Server.Demo.Readers;

/// <summary>What somebody reads their mail with, as far as their requests show it.</summary>
internal enum MailProgram
{
    Desktop,
    Phone,

    /// <summary>Images come through Google's proxy, when the mail is opened.</summary>
    Gmail,

    /// <summary>Apple's proxy fetches images at delivery, and nobody sees whether the mail is opened.</summary>
    ApplePrivacy,
}

/// <summary>An invented reader and their habits, the same at each run for the same address.</summary>
internal sealed record Reader
{
    private const int Seed = 1;

    public required string Address { get; init; }

    public MailProgram Program { get; private init; }

    /// <summary>Two in five.</summary>
    public bool Reads { get; private init; }

    /// <summary>Opens the mail a second time.</summary>
    public bool ComesBack { get; private init; }

    /// <summary>One in four of those who read.</summary>
    public bool Clicks { get; private init; }

    /// <summary>Chooses the link, 0 and up, modulo the number of links.</summary>
    public int Choice { get; private init; }

    public bool Unsubscribes { get; private init; }

    /// <summary>Scans their mail before they see it; null for most.</summary>
    public Gateway? Gateway { get; private init; }

    public static Reader Of(string address)
    {
        var random = new Random(BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed} {address}"))));
        var reads = random.NextDouble() < 0.4;
        return new Reader
        {
            Address = address,
            Reads = reads,
            Program = (MailProgram)random.Next(4),
            ComesBack = reads && random.NextDouble() < 0.2,
            Clicks = reads && random.NextDouble() < 0.25,
            Unsubscribes = reads && random.NextDouble() < 0.025,
            Choice = random.Next(1_000),
            Gateway = Gateway.Of(address),
        };
    }
}
