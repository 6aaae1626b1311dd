using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Platform.Portal.Layout;

/// <summary>The HTML page around everything. Pages of the portal proper run in a circuit, those around signing in do not.</summary>
public partial class App
{
    // Not rendered twice: a page that was rendered ahead would look ready before its buttons work, and ask Control twice.
    private static readonly InteractiveServerRenderMode Interactive = new(prerender: false);

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    private IComponentRenderMode? Mode => Http.AcceptsInteractiveRouting() ? Interactive : null;
}
