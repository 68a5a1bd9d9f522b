import Dialogue

/// Why a conversation with a program failed.
public typealias ProgramError = Dialogue.ProgramError

/// How long a program may take, and how much it may say.
public typealias ProgramLimits = Dialogue.ProgramLimits

package typealias ProgramMessage = Dialogue.ProgramMessage
