using CampaignHub.Server.Demo.Outside;

namespace CampaignHub.Server.Demo;

/// <summary>The ways in and out of the service, besides its API.</summary>
/// <param name="Shop">Posts what happens in the shop.</param>
/// <param name="StorefrontId">The storefront that the service knows it as.</param>
/// <param name="Returns">Hands back mail.</param>
internal sealed record Doors(ShopFront Shop, Guid StorefrontId, MailReturns Returns);
