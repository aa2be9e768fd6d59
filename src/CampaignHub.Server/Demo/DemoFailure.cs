namespace CampaignHub.Server.Demo;

/// <summary>The demo cannot go on: something that had to happen didn't. Its message says what.</summary>
internal sealed class DemoFailure(string message) : Exception(message);
