using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Platform.Architecture.Tests;

public sealed class ShapeTests
{
    /// <summary>Seams that were decided on, each with more implementations to come.</summary>
    private static readonly string[] Seams = ["IEndpointPicker", "IQuotaWindows"];

    /// <summary>Shapes of requests: validation skips what is not public.</summary>
    private static readonly string[] RequestShapes = ["PageQuery"];

    public static TheoryData<string> Deployables => [.. Repository.Deployables];

    [Theory]
    [MemberData(nameof(Deployables))]
    public void A_slice_shows_its_doors_and_its_request_bodies_only(string project)
    {
        var types = Own(project).ToList();
        var needed = ShownByComponents(types);
        var shown = types
            .Where(t => t.IsVisible && !IsDoor(t) && !IsFrameworks(t) && !needed.Contains(t) && !RequestShapes.Contains(t.Name))
            .Select(t => t.FullName);

        shown.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Deployables))]
    public void A_class_that_nobody_derives_from_is_sealed(string project)
    {
        var types = Own(project).ToList();
        var open = types
            .Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false } && !IsFrameworks(t) && types.All(o => o.BaseType != t))
            .Select(t => t.FullName);

        open.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Deployables))]
    public void No_type_is_named_for_a_drawer(string project) =>
        Own(project).Select(t => t.Name)
            .ShouldNotContain(n => n.EndsWith("Helper", StringComparison.Ordinal) || n.EndsWith("Helpers", StringComparison.Ordinal)
                || n.EndsWith("Manager", StringComparison.Ordinal) || n.EndsWith("Util", StringComparison.Ordinal) || n.EndsWith("Utils", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Deployables))]
    public void An_interface_has_a_second_implementation_or_was_decided_on(string project)
    {
        var types = Own(project).ToList();

        foreach (var contract in types.Where(t => t.IsInterface && !Seams.Contains(t.Name)))
        {
            // A generic type is as many implementations as it has arguments.
            var implementations = types.Where(t => !t.IsInterface && contract.IsAssignableFrom(t)).ToList();
            (implementations.Count > 1 || implementations.Any(t => t.IsGenericTypeDefinition)).ShouldBeTrue(contract.FullName);
        }
    }

    [Theory]
    [MemberData(nameof(Deployables))]
    public void A_constructor_takes_six_parameters_at_most_beside_clock_and_logger(string project)
    {
        var wide = Own(project)
            .Where(t => !IsRecord(t) && !t.IsDefined(typeof(GeneratedCodeAttribute), inherit: false))
            .SelectMany(t => t.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(c => c.GetParameters().Count(p => !IsClockOrLogger(p.ParameterType)) > 6)
            .Select(c => c.DeclaringType!.FullName);

        wide.ShouldBeEmpty();
    }

    private static IEnumerable<Type> Own(string project) =>
        Repository.Load(project).GetTypes()
            .Where(t => t.Namespace?.StartsWith("Platform.", StringComparison.Ordinal) == true)
            .Where(t => !t.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && !t.Name.Contains('<', StringComparison.Ordinal));

    private static bool IsClockOrLogger(Type type) =>
        type.FullName == "System.TimeProvider" || (type.IsGenericType && type.GetGenericTypeDefinition().FullName == "Microsoft.Extensions.Logging.ILogger`1");

    private static bool IsDoor(Type type) =>
        type is { IsAbstract: true, IsSealed: true }
        && type.GetMethods(BindingFlags.Static | BindingFlags.Public).Any(m => m.Name.StartsWith("Add", StringComparison.Ordinal) || m.Name.StartsWith("Map", StringComparison.Ordinal));

    /// <summary>Razor makes components public, and so what their members and constructors mention has to be, and what that mentions.</summary>
    private static HashSet<Type> ShownByComponents(List<Type> types)
    {
        const BindingFlags members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var found = new HashSet<Type>();
        var open = new Queue<Type>(types.Where(IsFrameworks));
        while (open.TryDequeue(out var type))
        {
            var mentioned = type.GetProperties(members).Select(p => p.PropertyType)
                .Concat(type.GetConstructors(members).SelectMany(c => c.GetParameters()).Select(p => p.ParameterType))
                .Concat(type.GetMethods(members).Where(m => m.IsPublic || m.IsFamily).SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType)))
                .SelectMany(t => t.GetGenericArguments().Append(t));
            foreach (var next in mentioned.Where(t => t.Assembly == type.Assembly && t.IsVisible && found.Add(t)))
                open.Enqueue(next);
        }
        return found;
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    /// <summary>Razor makes its components and pages public; their models follow.</summary>
    private static bool IsFrameworks(Type type) =>
        type.Name is "Program" or "_Imports"
        || BasesOf(type).Any(b => b.FullName is "Microsoft.AspNetCore.Components.ComponentBase" or "Microsoft.AspNetCore.Mvc.RazorPages.PageModel" or "Microsoft.AspNetCore.Mvc.Razor.RazorPageBase")
        || (type.DeclaringType is { } outer && IsFrameworks(outer));

    private static IEnumerable<Type> BasesOf(Type type)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
            yield return current;
    }
}
