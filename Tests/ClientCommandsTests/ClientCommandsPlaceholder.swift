import ClientCommands
import Testing

