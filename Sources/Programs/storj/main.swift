import ArgumentParser
import Logging
print("not built yet")
